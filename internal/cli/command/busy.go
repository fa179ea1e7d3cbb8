package command

import (
	"fmt"
	"sync"
	"time"
)

// patience is how long a job may be silent.
const patience = 2 * time.Second

// Busy does a job that says nothing while it is at work. If that takes longer
// than two seconds and standard error is a terminal, a line there says what is
// done, and for how long by now; it is gone when the job is.
func (r *Run) Busy(what string, job func() error) error {
	if !r.Progress {
		return job()
	}
	done := make(chan struct{})
	var telling sync.WaitGroup
	telling.Go(func() { r.tell(what, done) })
	defer telling.Wait()
	defer close(done)
	return job()
}

// tell writes the line once a second until the job is done.
func (r *Run) tell(what string, done <-chan struct{}) {
	next := time.NewTimer(patience)
	defer next.Stop()
	for seconds := int(patience / time.Second); ; seconds++ {
		select {
		case <-done:
			if seconds > int(patience/time.Second) {
				fmt.Fprint(r.Stderr, "\r\x1b[K")
			}
			return
		case <-next.C:
			fmt.Fprintf(r.Stderr, "\r\x1b[K%s … %d s", what, seconds)
			next.Reset(time.Second)
		}
	}
}
