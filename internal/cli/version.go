package cli

import (
	"fmt"
	"runtime/debug"
)

type printVersionCmd struct{}

func (c *printVersionCmd) Run(r *run) error {
	version := "devel"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		version = info.Main.Version
	}
	return r.print(map[string]string{"version": version}, func(p *printer) { p.f("%s\n", fmt.Sprintf("tearline %s", version)) })
}
