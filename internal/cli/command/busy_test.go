package command_test

import (
	"bytes"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"tearline/internal/cli/command"
)

func TestBusy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		terminal bool
		takes    time.Duration
		want     string
	}{
		{"a short job", true, 1900 * time.Millisecond, ""},
		{"a long one", true, 3500 * time.Millisecond, "\r\x1b[Kreading … 2 s\r\x1b[Kreading … 3 s\r\x1b[K"},
		{"no terminal", false, 10 * time.Second, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var said bytes.Buffer
				bad := errors.New("bad")
				r := &command.Run{App: &command.App{Stderr: &said, Progress: c.terminal}}
				err := r.Busy("reading", func() error { time.Sleep(c.takes); return bad })
				if !errors.Is(err, bad) || said.String() != c.want {
					t.Errorf("%v, and said %q, want %q", err, said.String(), c.want)
				}
			})
		})
	}
}
