package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// A cluster is a PostgreSQL of our own in a directory of its own, reached over
// a socket in it and over nothing else.
type cluster struct {
	bin, dir string
	as       []string // what goes before a command: PostgreSQL refuses to run as root
}

// errNoPostgres says that there is nothing to measure.
var errNoPostgres = errors.New("PostgreSQL is not installed")

// postgresConfig tunes for one reader with all in memory: no parallel workers
// and no JIT, which do not pay at these times, and nothing durable, which is
// not measured here. The planner's costs stay as they come: the plan that lower
// ones lead to is measured by forcing it.
const postgresConfig = `
listen_addresses = ''
unix_socket_directories = '%s'
unix_socket_permissions = 0700
max_connections = 10
shared_buffers = %s
work_mem = 256MB
maintenance_work_mem = 1GB
effective_cache_size = 8GB
jit = off
max_parallel_workers_per_gather = 0
max_parallel_maintenance_workers = 0
autovacuum = off
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 16GB
checkpoint_timeout = 1h
`

// findPostgres returns where the server's programs are.
func findPostgres() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	list, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // Debian's place
	if err != nil || len(list) == 0 {
		return "", errNoPostgres
	}
	return filepath.Dir(list[len(list)-1]), nil
}

// startPostgres starts the cluster if it does not run.
func (b *bench) startPostgres() (c *cluster, err error) {
	if b.postgres != nil {
		return b.postgres, nil
	}
	c = &cluster{}
	if c.bin, err = findPostgres(); err != nil {
		return nil, err
	}
	if c.dir, err = os.MkdirTemp("", "tearline-pg-"); err != nil {
		return nil, err
	}
	b.postgres = c // from here on there is something to remove
	if os.Getuid() == 0 {
		if err := c.giveAway(); err != nil {
			return nil, err
		}
	}
	data := filepath.Join(c.dir, "data")
	if err := c.call(b.Ctx, "initdb", "-D", data, "-U", "postgres", "--auth-local=trust", "--auth-host=reject", "--no-sync", "--locale=C", "-E", "UTF8"); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(data, "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0) //nolint:gosec // our own directory
	if err != nil {
		return nil, err
	}
	_, err = fmt.Fprintf(f, postgresConfig, c.dir, b.buffers)
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	if err := c.call(b.Ctx, "pg_ctl", "-D", data, "-l", filepath.Join(c.dir, "log"), "-w", "start"); err != nil {
		return nil, err
	}
	return c, nil
}

// giveAway lets the user that PostgreSQL runs as have the directory.
func (c *cluster) giveAway() error {
	u, err := user.Lookup("postgres")
	if err != nil {
		return fmt.Errorf("no user to run as: %w", errNoPostgres)
	}
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return err
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return err
	}
	c.as = []string{"runuser", "-u", "postgres", "--"}
	return os.Chown(c.dir, uid, gid)
}

// call runs one of the server's programs.
func (c *cluster) call(ctx context.Context, program string, args ...string) error {
	line := append(append([]string{}, c.as...), filepath.Join(c.bin, program))
	line = append(line, args...)
	cmd := exec.CommandContext(ctx, line[0], line[1:]...) //nolint:gosec // the programs that findPostgres found
	cmd.Dir = c.dir
	// Not through a pipe: the server keeps its end open.
	out, err := os.Create(filepath.Join(c.dir, program+".out")) //nolint:gosec // our own directory
	if err != nil {
		return err
	}
	cmd.Stdout, cmd.Stderr = out, out
	err = cmd.Run()
	if err = errors.Join(err, out.Close()); err != nil {
		said, _ := os.ReadFile(out.Name())
		return fmt.Errorf("%s: %w: %s", program, err, said)
	}
	return nil
}

// stopPostgres stops the cluster, if there is one, and removes it.
func (b *bench) stopPostgres() error {
	c := b.postgres
	if c == nil {
		return nil
	}
	b.postgres = nil
	var err error
	if _, running := os.Stat(filepath.Join(c.dir, "data", "postmaster.pid")); running == nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(b.Ctx), time.Minute)
		defer cancel()
		err = c.call(ctx, "pg_ctl", "-D", filepath.Join(c.dir, "data"), "-m", "immediate", "-w", "stop")
	}
	return errors.Join(err, os.RemoveAll(c.dir))
}

// A backend is one connection, and the process at its other end.
type backend struct {
	*pgx.Conn
	stat string // its accounting
	err  error  // of reading that
}

// connect opens a connection as a role.
func (c *cluster) connect(ctx context.Context, role string) (*backend, error) {
	conn, err := pgx.Connect(ctx, "host="+c.dir+" dbname=postgres user="+role)
	if err != nil {
		return nil, err
	}
	return &backend{Conn: conn, stat: fmt.Sprintf("/proc/%d/schedstat", conn.PgConn().PID())}, nil
}

// cpu is the processor time that the backend has used. It is exact while the
// backend waits for the next question.
func (s *backend) cpu() time.Duration {
	text, err := os.ReadFile(s.stat)
	if err != nil {
		s.err = err
		return 0
	}
	first, _, _ := strings.Cut(string(text), " ")
	n, err := strconv.ParseInt(first, 10, 64)
	if err != nil {
		s.err = err
	}
	return time.Duration(n)
}

// close ends the connection and says whether the accounting could be read.
func (s *backend) close(ctx context.Context) error {
	return errors.Join(s.err, s.Close(context.WithoutCancel(ctx)))
}
