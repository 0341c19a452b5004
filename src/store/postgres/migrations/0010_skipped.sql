-- Jobs beside the papers of a month: their periods may be passed over, with the reason in the note.

ALTER TABLE job_run DROP CONSTRAINT job_run_state_check;
ALTER TABLE job_run ADD CONSTRAINT job_run_state_check
    CHECK (state IN ('due', 'waiting', 'running', 'partial', 'done', 'failed', 'skipped'));
