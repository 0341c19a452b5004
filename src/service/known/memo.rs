//! Answers that several papers of one vintage ask for: each is worked out once.
//!
//! A paper for each of 900 associations asks 900 times who moved in December; this module keeps what the first one was
//! told. It does not know what the answers are about.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Answers that are kept for one kind of question. Papers ask for a handful; pages may ask for any day.
const ROOM: usize = 32;

/// Answers by question.
#[derive(Debug)]
pub struct Memo<Q, A>(Mutex<Kept<Q, A>>);

#[derive(Debug)]
struct Kept<Q, A> {
    /// Each with the place at which it was last asked for.
    answers: BTreeMap<Q, (u64, Arc<A>)>,
    n_asked: u64,
}

impl<Q, A> Default for Memo<Q, A> {
    fn default() -> Self {
        Self(Mutex::new(Kept { answers: BTreeMap::new(), n_asked: 0 }))
    }
}

impl<Q: Ord, A> Memo<Q, A> {
    /// The answer given before, if any.
    pub fn get(&self, question: &Q) -> Option<Arc<A>> {
        let mut kept = self.kept();
        kept.n_asked += 1;
        let now = kept.n_asked;
        let (asked, answer) = kept.answers.get_mut(question)?;
        *asked = now;
        Some(Arc::clone(answer))
    }

    /// Keeps an answer. Where another thread was quicker its answer stays; they are the same. The one that nobody has asked for
    /// longest goes where there is no room, and is worked out again when it is asked for.
    pub fn keep(&self, question: Q, answer: A) -> Arc<A> {
        let mut kept = self.kept();
        kept.n_asked += 1;
        let now = kept.n_asked;
        let answer = Arc::clone(&kept.answers.entry(question).or_insert_with(|| (now, Arc::new(answer))).1);
        if kept.answers.len() > ROOM {
            let oldest = kept.answers.values().map(|(asked, _)| *asked).min();
            kept.answers.retain(|_, (asked, _)| Some(*asked) != oldest);
        }
        answer
    }

    fn kept(&self) -> MutexGuard<'_, Kept<Q, A>> {
        // A thread that fell over while it held the lock left a whole map behind: entries are put in at once.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer given before, else the one that `work` finds.
    ///
    /// # Errors
    /// Those of `work`; nothing is kept then.
    pub fn get_or<E>(&self, question: Q, work: impl FnOnce() -> Result<A, E>) -> Result<Arc<A>, E> {
        match self.get(&question) {
            Some(answer) => Ok(answer),
            None => Ok(self.keep(question, work()?)),
        }
    }

    /// The same for work that cannot fail.
    pub fn get_or_make(&self, question: Q, work: impl FnOnce() -> A) -> Arc<A> {
        self.get(&question).unwrap_or_else(|| self.keep(question, work()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn question_is_worked_on_once() {
        let memo: Memo<u8, u8> = Memo::default();
        let mut asked = 0;
        for _ in 0..3 {
            let answer = memo.get_or(1, || {
                asked += 1;
                Ok::<u8, ()>(7)
            });
            assert_eq!(answer.as_deref(), Ok(&7));
        }
        assert_eq!(asked, 1);
        assert_eq!(memo.get_or(2, || Err::<u8, &str>("no")).map(|answer| *answer), Err("no"));
        assert!(memo.get(&2).is_none());
    }

    #[test]
    fn answer_that_nobody_has_asked_for_longest_goes() {
        let memo: Memo<usize, usize> = Memo::default();
        for n in (0..3 * ROOM).rev() {
            assert_eq!(*memo.get_or_make(n, || n * 2), n * 2);
            // The first of all is asked for again and again.
            assert!(memo.get(&(3 * ROOM - 1)).is_some());
        }
        let kept: Vec<usize> = (0..3 * ROOM).filter(|n| memo.get(n).is_some()).collect();
        assert_eq!(kept.len(), ROOM);
        assert_eq!(kept[..ROOM - 1], (0..ROOM - 1).collect::<Vec<_>>(), "the newest, which sort first");
    }
}
