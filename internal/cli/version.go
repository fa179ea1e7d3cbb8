package cli

import (
	"fmt"
	"runtime/debug"

	"tearline/internal/cli/command"
)

type printVersionCmd struct{}

func (c *printVersionCmd) Run(r *run) error {
	v := version()
	return r.Print(map[string]string{"version": v}, func(p *command.Printer) { p.F("%s\n", fmt.Sprintf("tearline %s", v)) })
}

// version is that of the program.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "devel"
}
