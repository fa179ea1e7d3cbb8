package cli

import (
	"fmt"
	"runtime/debug"

	"tearline/internal/cli/command"
)

type printVersionCmd struct{}

func (c *printVersionCmd) Run(r *run) error {
	version := "devel"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		version = info.Main.Version
	}
	return r.Print(map[string]string{"version": version}, func(p *command.Printer) { p.F("%s\n", fmt.Sprintf("tearline %s", version)) })
}
