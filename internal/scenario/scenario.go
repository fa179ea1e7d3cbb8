// Package scenario plays stories: txtar archives whose comment is a script of
// commands as people would type them, with narration between, and whose files
// are the reports and articles that the commands read. The same story is the
// exercise that a newcomer watches and the test that the program passes: every
// step says what its output must have in it. The package knows nothing of what
// the commands do; whoever plays a story brings the surface that runs them.
//
// A script is made of lines:
//
//	# Heading
//	| narration, of which consecutive lines are one paragraph
//	@ 2026-03-02T09:00:00Z          sets the story's clock
//	$ tearline decide R --to FRA    a command; ./NAME is a file of the story
//	$ cat ./NAME                    prints a file
//	$ export NAME=VALUE             sets a variable of the environment
//	? 4                             the exit code expected of the command before (0 if not said)
//	= text                          what its output must contain, each on a line of its own
//	! text                          what its output must not contain
//	< NAME pattern                  keeps the pattern's first group for $NAME in later lines
//	+ ./NAME                        writes a file of the story again, with what was kept put in
//
// Words of a command may be quoted as in a shell; nothing else of a shell is
// there.
package scenario

import (
	"bytes"
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/tools/txtar"
)

//go:embed stories/*.txtar
var stories embed.FS

// Exercise is the names of the stories that "tearline exercise" plays, in
// order.
var Exercise = [...]string{"airliners", "advisory"}

// A Story is a script and its files.
type Story struct {
	Name  string
	lines []line
	files []txtar.File
}

// line is one line of a script.
type line struct {
	n    int // in the file, from 1
	op   byte
	text string
}

// Load returns an embedded story.
func Load(name string) (*Story, error) {
	b, err := stories.ReadFile("stories/" + name + ".txtar")
	if err != nil {
		return nil, fmt.Errorf("story %q: %w", name, err)
	}
	return Parse(name, b)
}

// Parse reads a story.
func Parse(name string, src []byte) (*Story, error) {
	ar := txtar.Parse(src)
	s := &Story{Name: name, files: ar.Files}
	for i, text := range strings.Split(string(ar.Comment), "\n") {
		if strings.TrimSpace(text) == "" {
			s.lines = append(s.lines, line{n: i + 1})
			continue
		}
		op := text[0]
		if strings.IndexByte("#|@$?=!<+", op) < 0 || len(text) > 1 && text[1] != ' ' {
			return nil, fmt.Errorf("story %s:%d: %q is no line of a script", name, i+1, text)
		}
		s.lines = append(s.lines, line{n: i + 1, op: op, text: strings.TrimSpace(text[1:])})
	}
	return s, nil
}

// A Command is one command of a story, ready to be run.
type Command struct {
	Args []string // without the program's name
	Env  map[string]string
	Now  time.Time
}

// A Result is what a command came to.
type Result struct {
	Code           int
	Stdout, Stderr string
}

// A Watcher is told what happens as a story is played. Any of its functions
// may be nil.
type Watcher struct {
	Heading   func(text string)
	Narration func(text string)
	Typed     func(command string)
	Output    func(r Result)
}

// player is a story being played.
type player struct {
	story *Story
	dir   string
	run   func(Command) Result
	watch Watcher

	env  map[string]string
	vars map[string]string
	now  time.Time

	para    []string
	last    Result
	lastCmd line
	checked bool // the exit code of the last command
}

// Play plays the story in dir, an existing folder into which its files are
// written. Commands other than cat and export are given to run. The first step
// that does not come out as the script says ends it with an error that names
// the line.
func (s *Story) Play(dir string, run func(Command) Result, watch Watcher) error {
	p := &player{story: s, dir: dir, run: run, watch: watch, env: map[string]string{}, vars: map[string]string{}, checked: true}
	for _, f := range s.files {
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(f.Name)), f.Data, 0o600); err != nil {
			return err
		}
	}
	for _, l := range append(s.lines, line{}) {
		if err := p.step(l); err != nil {
			return fmt.Errorf("story %s:%d: %w", s.Name, l.n, err)
		}
	}
	return nil
}

func (p *player) step(l line) error {
	if l.op != '|' {
		p.narrate()
	}
	switch l.op {
	case '#':
		call(p.watch.Heading, l.text)
	case '|':
		p.para = append(p.para, l.text)
	case '@':
		t, err := time.Parse(time.RFC3339, l.text)
		p.now = t
		return err
	case '$':
		if err := p.settle(); err != nil {
			return err
		}
		return p.command(l)
	case '?':
		code, err := strconv.Atoi(l.text)
		if err != nil {
			return err
		}
		p.checked = true
		return p.exitCode(code)
	case '=', '!':
		return p.contains(l)
	case '<':
		return p.capture(l.text)
	case '+':
		return p.rewrite(strings.TrimPrefix(l.text, "./"))
	default:
		return p.settle()
	}
	return nil
}

func call(f func(string), s string) {
	if f != nil {
		f(s)
	}
}

func (p *player) narrate() {
	if len(p.para) > 0 {
		call(p.watch.Narration, strings.Join(p.para, " "))
		p.para = nil
	}
}

// settle holds the last command against the exit code 0, if no other was
// asked for.
func (p *player) settle() error {
	if p.checked {
		return nil
	}
	p.checked = true
	return p.exitCode(0)
}

func (p *player) exitCode(want int) error {
	if p.last.Code == want {
		return nil
	}
	return fmt.Errorf("%q exited with %d, not %d\n%s%s", p.lastCmd.text, p.last.Code, want, p.last.Stdout, p.last.Stderr)
}

func (p *player) contains(l line) error {
	want := p.expand(l.text)
	out := flat(p.last.Stdout + p.last.Stderr)
	if strings.Contains(out, flat(want)) == (l.op == '=') {
		return nil
	}
	if l.op == '=' {
		return fmt.Errorf("%q does not print %q but\n%s%s", p.lastCmd.text, want, p.last.Stdout, p.last.Stderr)
	}
	return fmt.Errorf("%q prints %q\n%s%s", p.lastCmd.text, want, p.last.Stdout, p.last.Stderr)
}

// flat makes all white space one blank, so that a wrapped line reads as what
// it says, whatever its colour.
func flat(s string) string { return strings.Join(strings.Fields(plain(s)), " ") }

// styles are the escapes by which a terminal changes how it writes.
var styles = regexp.MustCompile("\x1b\\[[0-9;]*m")

// plain is output without its colours.
func plain(s string) string { return styles.ReplaceAllString(s, "") }

func (p *player) capture(text string) error {
	name, pattern, ok := strings.Cut(text, " ")
	if !ok {
		return fmt.Errorf("%q: want NAME pattern", text)
	}
	re, err := regexp.Compile("(?m)" + p.expand(strings.TrimSpace(pattern)))
	if err != nil {
		return err
	}
	m := re.FindStringSubmatch(plain(p.last.Stdout))
	if len(m) < 2 {
		return fmt.Errorf("%q prints nothing like %q but\n%s", p.lastCmd.text, pattern, p.last.Stdout)
	}
	p.vars[name] = m[1]
	return nil
}

// rewrite writes one of the story's files with what was kept put in.
func (p *player) rewrite(name string) error {
	for _, f := range p.story.files {
		if f.Name == name {
			return os.WriteFile(filepath.Join(p.dir, name), []byte(p.expand(string(f.Data))), 0o600)
		}
	}
	return fmt.Errorf("the story has no file %q", name)
}

// variable is how a captured word is used.
var variable = regexp.MustCompile(`\$[A-Z][A-Z0-9]*`)

func (p *player) expand(s string) string {
	return variable.ReplaceAllStringFunc(s, func(v string) string {
		if x, ok := p.vars[v[1:]]; ok {
			return x
		}
		return v
	})
}

func (p *player) command(l line) error {
	typed := p.expand(l.text)
	words, err := split(typed)
	if err != nil {
		return err
	}
	call(p.watch.Typed, typed)
	p.lastCmd, p.last, p.checked = line{n: l.n, text: typed}, Result{}, false
	switch words[0] {
	case "export":
		return p.export(words)
	case "cat":
		b, err := os.ReadFile(p.path(words[len(words)-1]))
		if err != nil {
			return err
		}
		p.last = Result{Stdout: string(bytes.TrimRight(b, "\n")) + "\n"}
	case "tearline":
		cmd := Command{Env: p.env, Now: p.now}
		for _, w := range words[1:] {
			cmd.Args = append(cmd.Args, p.path(w))
		}
		p.last = p.run(cmd)
		p.last.Stdout = strings.ReplaceAll(p.last.Stdout, p.dir+string(filepath.Separator), "./")
		p.last.Stderr = strings.ReplaceAll(p.last.Stderr, p.dir+string(filepath.Separator), "./")
	default:
		return fmt.Errorf("a story has no command %q", words[0])
	}
	if p.watch.Output != nil {
		p.watch.Output(p.last)
	}
	return nil
}

func (p *player) export(words []string) error {
	if len(words) != 2 {
		return fmt.Errorf("export wants NAME=VALUE")
	}
	name, value, ok := strings.Cut(words[1], "=")
	if !ok {
		return fmt.Errorf("export wants NAME=VALUE")
	}
	p.env[name] = p.path(value)
	return nil
}

// path puts a file of the story into its folder.
func (p *player) path(word string) string {
	if name, ok := strings.CutPrefix(word, "./"); ok {
		return filepath.Join(p.dir, name)
	}
	return word
}

// split cuts a command into words; quotes as in a shell.
func split(s string) ([]string, error) {
	var words []string
	var cur strings.Builder
	quote, open := byte(0), false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
			cur.WriteByte(c)
		case c == '"' || c == '\'':
			quote, open = c, true
		case c == ' ':
			if open || cur.Len() > 0 {
				words = append(words, cur.String())
				cur.Reset()
				open = false
			}
		default:
			cur.WriteByte(c)
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("%s: a quote is not closed", s)
	}
	if open || cur.Len() > 0 {
		words = append(words, cur.String())
	}
	if len(words) == 0 {
		return nil, fmt.Errorf("an empty command")
	}
	return words, nil
}
