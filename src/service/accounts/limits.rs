//! How often somebody may try to log in: from one address, and for one account.

use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::Clock as Ticking;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use super::LoginName;
use crate::clock::Clock;
use crate::config::WebConfig;

/// Within which the tries are counted.
const WITHIN: Duration = Duration::from_secs(15 * 60);

/// Keys that are remembered before those that have nothing counted against them are forgotten.
const MOST_KEYS: usize = 10_000;

/// The clock of the program, as the library asks for it.
#[derive(Debug, Clone)]
struct Handed(Clock);

impl Ticking for Handed {
    type Instant = Duration;

    fn now(&self) -> Duration {
        // Before 1970 no time passes.
        Duration::from_micros(u64::try_from(self.0.now().timestamp_micros()).unwrap_or_default())
    }
}

type Counted<K> = RateLimiter<K, HashMapStateStore<K>, Handed, NoOpMiddleware<Duration>>;

/// What was tried of late. It is forgotten when the program ends.
#[derive(Debug)]
pub(super) struct Limits {
    clock: Handed,
    by_address: Counted<IpAddr>,
    by_account: Counted<LoginName>,
}

impl Limits {
    pub(super) fn new(config: &WebConfig, clock: Clock) -> Self {
        Self {
            clock: Handed(clock),
            by_address: counted(config.logins_per_address, clock),
            by_account: counted(config.logins_per_account, clock),
        }
    }

    /// Counts a try, of which is known for which account if it can be one; how long to wait where there were too many.
    pub(super) fn count(&self, address: IpAddr, login: Option<&LoginName>) -> Result<(), Duration> {
        self.counts(&self.by_address, &network(address))?;
        login.map_or(Ok(()), |login| self.counts(&self.by_account, login))
    }

    fn counts<K: Hash + Eq + Clone>(&self, counted: &Counted<K>, key: &K) -> Result<(), Duration> {
        if counted.len() > MOST_KEYS {
            counted.retain_recent();
        }
        counted.check_key(key).map_err(|until| until.wait_time_from(self.clock.now()))
    }
}

fn counted<K: Hash + Eq + Clone>(most: u32, clock: Clock) -> Counted<K> {
    let most = NonZeroU32::new(most).unwrap_or(NonZeroU32::MIN);
    let quota = Quota::with_period(WITHIN / most.get()).unwrap_or(Quota::per_minute(NonZeroU32::MIN));
    RateLimiter::new(quota.allow_burst(most), HashMapStateStore::default(), Handed(clock))
}

/// Whoever has an address of the sixth version has 2^64 of them.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => {
            let [a, b, c, d, ..] = six.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        four @ IpAddr::V4(_) => four,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};

    use super::*;

    fn login(name: &str) -> LoginName {
        LoginName::read(name).expect("a login")
    }

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn tries_are_counted_for_each_account_and_each_address() {
        static NOW: AtomicI64 = AtomicI64::new(1_770_000_000_000);
        let config = WebConfig { logins_per_account: 3, logins_per_address: 5, ..WebConfig::default() };
        let limits = Limits::new(&config, Clock::Moved(&NOW));
        let (one, other) = (address("192.0.2.1"), address("192.0.2.2"));
        for _ in 0..3 {
            assert_eq!(limits.count(one, Some(&login("hanako"))), Ok(()));
        }
        let wait = limits.count(other, Some(&login("hanako"))).expect_err("too many for the account, from anywhere");
        assert!(wait > Duration::from_secs(299) && wait <= Duration::from_secs(300), "{wait:?}");
        assert_eq!(limits.count(one, Some(&login("taro"))), Ok(()), "another account is not held up");
        assert_eq!(limits.count(one, None), Ok(()));
        assert!(limits.count(one, Some(&login("jiro"))).is_err(), "the sixth from one address");
        NOW.fetch_add(5 * 60 * 1000, Ordering::SeqCst);
        assert_eq!(limits.count(other, Some(&login("hanako"))), Ok(()), "one more after a third of the time");
        assert!(limits.count(other, Some(&login("hanako"))).is_err());
    }

    #[test]
    fn clock_that_is_set_back_lets_nobody_try_more() {
        static NOW: AtomicI64 = AtomicI64::new(1_770_000_000_000);
        let config = WebConfig { logins_per_account: 3, ..WebConfig::default() };
        let limits = Limits::new(&config, Clock::Moved(&NOW));
        for _ in 0..3 {
            assert_eq!(limits.count(address("192.0.2.1"), Some(&login("hanako"))), Ok(()));
        }
        NOW.fetch_sub(60 * 60 * 1000, Ordering::SeqCst);
        assert!(limits.count(address("192.0.2.1"), Some(&login("hanako"))).is_err());
    }

    #[test]
    fn addresses_of_one_network_are_one() {
        assert_eq!(network(address("2001:db8:1:2:3:4:5:6")), network(address("2001:db8:1:2::1")));
        assert_ne!(network(address("2001:db8:1:2::1")), network(address("2001:db8:1:3::1")));
        assert_eq!(network(address("::ffff:192.0.2.1")), address("192.0.2.1"));
        assert_ne!(network(address("192.0.2.1")), network(address("192.0.2.2")));
    }
}
