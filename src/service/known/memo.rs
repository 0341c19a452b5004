//! Answers that several papers of one vintage ask for: each is worked out once.
//!
//! A paper for each of 900 associations asks 900 times who moved in December; this module keeps what the first one was
//! told. It does not know what the answers are about.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Answers that are kept for one kind of question. Papers ask for a handful; pages may ask for any day.
const ROOM: usize = 32;

/// Answers by question.
#[derive(Debug)]
pub struct Memo<Q, A>(Mutex<BTreeMap<Q, Arc<A>>>);

impl<Q, A> Default for Memo<Q, A> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<Q: Ord, A> Memo<Q, A> {
    /// The answer given before, if any.
    pub fn get(&self, question: &Q) -> Option<Arc<A>> {
        // A thread that fell over while it held the lock left a whole map behind: entries are put in at once.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(question).cloned()
    }

    /// Keeps an answer. Where another thread was quicker its answer stays; they are the same. One that there is no room for is
    /// worked out again when it is asked for.
    pub fn keep(&self, question: Q, answer: A) -> Arc<A> {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = answers.entry(question).or_insert_with(|| Arc::new(answer)).clone();
        if answers.len() > ROOM {
            answers.pop_first();
        }
        kept
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
    fn no_more_is_kept_than_there_is_room_for() {
        let memo: Memo<usize, usize> = Memo::default();
        for n in 0..3 * ROOM {
            assert_eq!(*memo.get_or_make(n, || n * 2), n * 2);
        }
        let kept = (0..3 * ROOM).filter(|n| memo.get(n).is_some()).count();
        assert_eq!(kept, ROOM);
        assert_eq!(*memo.get_or_make(0, || 0), 0);
    }
}
