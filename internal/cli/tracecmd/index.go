package tracecmd

import (
	"tearline/internal/cli/command"
	"tearline/internal/text"
)

// Index is the command about the index.
type Index struct {
	Rebuild bool `help:"Make it anew from the store."`
}

// Run brings the index up with the store and tells its figures.
func (c *Index) Run(r *command.Run, j Jobs) error {
	s, err := j.Index(c.Rebuild)
	if err != nil {
		return err
	}
	return r.Print(s, func(p *command.Printer) {
		p.F("%s of %s indexed, in %s\n", text.Count(s.Documents, "portion", "portions"), text.Count(int(s.Reports), "report", "reports"), text.Count(s.Segments, "file", "files"))
	})
}
