//! Sharing the work of the kernel among threads: by persons, and only where there are many rows. Figures are whole numbers,
//! so that any split gives the same.

/// Below so many rows a second thread costs more than it saves.
const ROWS_FOR_THREADS: usize = 200_000;

/// More threads than this wait for memory.
const MOST_THREADS: usize = 8;

/// How many threads share the work on so many rows.
pub(super) fn n_threads(n_rows: usize) -> usize {
    if n_rows < ROWS_FOR_THREADS {
        return 1;
    }
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(MOST_THREADS)
}

/// Does the same with each part, on a thread of its own where there are several; results stand in the order of parts.
pub(super) fn in_parallel<P: Sync, T: Send>(parts: &[P], work: impl Fn(&P) -> T + Sync) -> Vec<T> {
    if let [only] = parts {
        return vec![work(only)];
    }
    std::thread::scope(|scope| {
        let threads: Vec<_> = parts.iter().map(|part| scope.spawn(|| work(part))).collect();
        let result = |thread: std::thread::ScopedJoinHandle<'_, T>| match thread.join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        threads.into_iter().map(result).collect()
    })
}
