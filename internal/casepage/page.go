// Package casepage writes the file on a leak, and the damage that it did, as
// pages of HTML to print or to hand on: no scripts, nothing from elsewhere, the
// roll-up of all that is named at the head and foot. It judges nothing, decides
// nothing and leaves out only what would make a page too long, saying so; every
// text that it shows is taken to be hostile.
package casepage

import (
	_ "embed" // the pages' form
	"fmt"
	"html/template"
	"io"
	"strings"

	"tearline"
	"tearline/internal/casefile"
	"tearline/internal/damage"
	"tearline/internal/node/trace"
	"tearline/internal/page"
	"tearline/internal/text"
)

//go:embed page.css
var css string

var (
	//go:embed case.html
	caseForm string
	//go:embed damage.html
	damageForm string

	casePage   = template.Must(template.New("case").Parse(caseForm))
	damagePage = template.Must(template.New("damage").Parse(damageForm))
)

type caseView struct {
	page.Frame
	Name, Title, Party, Opened, Officer string
	Closed, ClosedBy, Ended             string
	Count, Shown, LogKey                string
	Notes                               []string
	Items                               []item
}

type item struct {
	At, Kind, Words, ID string
	TakenBack           bool
	Put                 []item
}

// Case writes the page of a case. shown says how far it is shown that nothing is
// missing, "" if that was not verified; logKey is the verifier of the party's
// ledger, "" if there is none to tell. The banners are those of what it names.
func Case(to io.Writer, f *casefile.File, banners []string, shown, logKey string) error {
	v := caseView{
		Frame: page.New(css, plains(banners)), Name: trace.Plain(f.Case), Title: trace.Plain(f.Title), Party: string(f.Party), Opened: text.Stamp(f.Opened), Officer: trace.Plain(f.Officer),
		ClosedBy: trace.Plain(f.ClosedBy), Ended: trace.Plain(f.Ended), Count: text.Count(f.Statements, "statement", "statements"), Shown: trace.Plain(shown), LogKey: trace.Plain(logKey),
		Notes: plains(f.Notes), Items: items(f.Items),
	}
	if f.Closed != nil {
		v.Closed = text.Stamp(*f.Closed)
	}
	return casePage.Execute(to, v)
}

func items(list []casefile.Item) []item {
	var out []item
	for _, x := range list {
		out = append(out, item{
			At: text.Stamp(x.At), Kind: string(x.Kind), Words: trace.Plain(x.Words), ID: trace.Plain(fmt.Sprintf("entry %d, %s", x.Index, x.Statement)),
			TakenBack: x.TakenBack, Put: items(x.Put),
		})
	}
	return out
}

func plains(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = trace.Plain(s)
	}
	return out
}

type damageView struct {
	page.Frame
	Name, Title, Holder, At   string
	Leaks, Notes              []string
	Counts                    struct{ Open, Source, Inferred, Calm string }
	Picture                   *picture
	Tell                      []tell
	Portions                  []portion
	More                      string
	Recipients                []recipient
	Attribution               string
	Agreements, Suspend, Void []string
}

type tell struct {
	To, When                           string
	Now                                bool
	Exposed, Inferred, Behind, Suspend []string
}

type portion struct{ Name, Marking, Originator, State, Class, Path string }

type recipient struct {
	Party, Since string
	What, Copies []string
}

// maxRows is how many portions of a kind are in the table.
const maxRows = 500

// Damage writes the page of a damage; name and title are the case's.
func Damage(to io.Writer, d *damage.Damage, name, title string) error {
	v := damageView{Frame: page.New(css, plains(d.Banners)), Name: trace.Plain(name), Title: trace.Plain(title), Holder: string(d.Holder), At: text.Stamp(d.At), Notes: plains(d.Notes), Picture: newPicture(d)}
	for i := range d.Leaks {
		v.Leaks = append(v.Leaks, trace.Plain(d.Leaks[i].Words()))
	}
	v.Counts.Open, v.Counts.Source = text.Thousands(len(d.Open)), text.Thousands(len(d.Sources))
	v.Counts.Inferred, v.Counts.Calm = text.Thousands(len(d.Inferred)), text.Thousands(len(d.Unexposed))
	v.portions(d)
	for i := range d.Tell {
		t := &d.Tell[i]
		v.Tell = append(v.Tell, tell{
			To: string(t.To), When: t.When(d.At), Now: t.Pressing(d.At), Exposed: plains(t.Exposed), Inferred: plains(t.Inferred),
			Behind: plains(t.Behind), Suspend: strings.Fields(strings.ReplaceAll(text.List(t.Suspend), ",", " ")),
		})
	}
	for _, r := range d.Recipients {
		party := string(r.Party)
		if len(r.Via) > 0 {
			party += ", by way of " + text.List(r.Via)
		}
		v.Recipients = append(v.Recipients, recipient{Party: trace.Plain(party), Since: text.Stamp(r.First), What: plains(r.Portions), Copies: ids(r.Copies)})
	}
	if d.Attribution != nil {
		v.Attribution = trace.Plain(d.Attribution.Words())
	}
	for i := range d.Agreements {
		v.Agreements = append(v.Agreements, trace.Plain(d.Agreements[i].Words()))
	}
	for i := range d.Suspend {
		v.Suspend = append(v.Suspend, trace.Plain(d.Suspend[i].Words()))
	}
	for i := range d.Void {
		v.Void = append(v.Void, trace.Plain(d.Void[i].Words()))
	}
	return damagePage.Execute(to, v)
}

func ids(list []tearline.CopyID) []string {
	out := make([]string, len(list))
	for i, id := range list {
		out[i] = trace.Plain(string(id))
	}
	return out
}

// portions fills in the table.
func (v *damageView) portions(d *damage.Damage) {
	for _, x := range []struct {
		list         []damage.Portion
		state, class string
	}{
		{d.Open, "in the open", "open"},
		{d.Sources, "lies beneath", "source"},
		{d.Inferred, "can be inferred", "inferred"},
		{d.Unexposed, "unexposed", "calm"},
	} {
		for i := range x.list {
			p := &x.list[i]
			if i == maxRows && x.class == "inferred" {
				v.More = text.Thousands(len(x.list) - maxRows)
				break
			}
			v.Portions = append(v.Portions, portion{trace.Plain(p.Portion), trace.Plain(p.Marking), trace.Plain(string(p.Originator)), stated(p, x.state), x.class, trace.Plain(p.How())})
		}
	}
}

// stated is a portion's state, with how far it is from what is in the open.
func stated(p *damage.Portion, state string) string {
	if p.Steps == 0 {
		return state
	}
	return state + ", " + text.Count(p.Steps, "step", "steps")
}
