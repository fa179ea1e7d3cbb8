package cli

import (
	"bytes"
	"encoding/json"
	"fmt"

	"tearline/internal/cli/command"
	"tearline/internal/marks"
	"tearline/internal/node"
)

// batch answers questions line for line. A line that has no answer has an
// error in its place, and the others are answered.
func (c *decideCmd) batch(r *run, n *node.Node, q node.Question) error {
	b, err := n.Batch(r.Ctx, q.As, q)
	if err != nil {
		return err
	}
	ok, err := marks.Lines(r.Ctx, r.Stdin, command.AnswersTo{Writer: r.Stdout}, func(dst, line []byte) ([]byte, bool) {
		d, fault := b.Answer(r.Ctx, line)
		switch {
		case r.JSON && fault != nil:
			return appendJSON(dst, fault), false
		case r.JSON:
			return appendJSON(dst, d), true
		case fault != nil:
			return fmt.Appendf(dst, "%s to %s: %s\n\n", fault.Report, fault.Recipient, fault.Error.Public), false
		}
		p := &command.Printer{Colour: r.Colour}
		c.show(p, *d)
		return append(dst, p.String()+"\n"...), true
	})
	if err == nil && !ok {
		return command.CodeError(command.ExitError)
	}
	return err
}

// appendJSON appends a line of JSON.
func appendJSON(dst []byte, v any) []byte {
	b := bytes.NewBuffer(dst)
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Appendf(dst, `{"error":{"kind":"other","public":%q}}`+"\n", err)
	}
	return b.Bytes()
}
