package equivalence

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"tearline/marking"
)

// Rules about translations; see the package's comment.
const (
	ruleZero     = "equivalence.zero"
	ruleFamilies = "equivalence.policy"
	ruleNoLevel  = "equivalence.level"
	ruleNoOwner  = "equivalence.owner"
	ruleControl  = "equivalence.control"
	ruleBreach   = "equivalence.rule"
	ruleRelease  = "equivalence.release"
	ruleOpen     = "equivalence.open"
)

// The fields of a mark that are not controls: see [marking.Marking.Fields].
const (
	fieldRelease  = "rel_to"
	fieldEyes     = "eyes_only"
	fieldDisplay  = "display_only"
	fieldActivity = "activity"
	fieldContext  = "context" // a category of NATO's marks: what others' call an activity
)

// between parts what follows a level. Lines of phrases are parted by anything.
const between = "//"

// Translate returns what a mark is in another policy, with all its force; a
// mark of that policy is itself. What the other policy cannot say, and what
// would let in anybody whom the mark does not, is a fault each, in
// [marking.Faults] with rules "equivalence.…"; the result is then zero. Offsets
// are in the mark's banner.
func Translate(t *Table, m marking.Marking, to *marking.Policy) (marking.Marking, error) {
	out, err := translate(t, m, to)
	return out.mark, err
}

// A translated mark says whose it is, or does not.
type translated struct {
	mark marking.Marking
	kept bool
}

func translate(t *Table, m marking.Marking, to *marking.Policy) (translated, error) {
	switch {
	case m.IsZero():
		return translated{}, marking.Faults{{Rule: ruleZero, Text: "there is no marking"}}
	case to == nil:
		return translated{}, marking.Faults{{Rule: ruleZero, Text: "there is no policy to translate into"}}
	case m.Policy() == to:
		return translated{m, true}, nil
	}
	x := translation{table: t, m: m, from: m.Policy(), to: to, fields: m.Fields()}
	var out marking.Marking
	if family(x.from) == family(to) {
		out = x.reread()
	} else {
		out = x.rewrite()
	}
	if len(x.faults) > 0 {
		return translated{}, x.faults
	}
	return translated{out, x.kept}, nil
}

// A translation is a mark in the making.
type translation struct {
	collector

	table    *Table
	m        marking.Marking
	from, to *marking.Policy
	fields   map[string]any

	head  string // owner and level, as they are written
	kept  bool   // the result says whose it is
	owner string // the code of who owns the mark, "" if that is nobody or several
	items []string
}

func (x *translation) fault(rule, about, text, hint string) {
	f := marking.Fault{Rule: rule, Text: text, Hint: hint}
	banner := x.m.Banner()
	if i := strings.Index(banner, about); i >= 0 && about != "" {
		f.Offset, f.Length = i, len(about)
	} else {
		f.Length = len(banner)
	}
	if rule == ruleNoLevel {
		f.Cites = x.table.Cites()
	}
	x.add(f)
}

// reread reads a mark of another profile.
func (x *translation) reread() marking.Marking {
	x.kept = true
	out, err := x.to.Parse(x.m.Banner())
	if x.breaches(err) {
		return marking.Marking{}
	}
	x.whole(out, x.controls())
	x.all(widened(x.m, out, true))
	return out
}

// breaches notes what is wrong in the mark as the other policy would have it.
func (x *translation) breaches(err error) bool {
	faults, _ := err.(marking.Faults) //nolint:errorlint // package marking returns no other
	for _, f := range faults {
		rule := ruleBreach
		switch {
		case f.Rule == "form.level":
			rule = ruleNoLevel
		case isUnknown(f):
			rule = ruleControl
		}
		x.add(marking.Fault{
			Length: len(x.m.Banner()), Rule: rule, Cites: strings.Trim(f.Rule+", "+f.Cites, ", "), Hint: cmp.Or(f.Hint, keepBoth),
			Text: "in policy " + x.to.ID() + ": " + f.Text,
		})
	}
	return err != nil
}

// isUnknown reports whether a fault is about something that is no token. Of a
// policy of levels alone the whole is no level then.
func isUnknown(f marking.Fault) bool {
	return f.Rule == "form.token" || f.Rule == "form.code" || f.Rule == "form.level"
}

// rewrite writes the mark anew.
func (x *translation) rewrite() marking.Marking {
	level, ok := x.table.owned(x.from, x.m.Level(), x.to)
	if !ok {
		x.fault(ruleNoLevel, x.m.Level().Name, fmt.Sprintf("%s has no equivalent in policy %s", x.m.Level().Name, x.to.ID()),
			"agree on one and use the agreement's table, or keep both marks")
		level = x.to.Levels()[0]
	}
	x.owners()
	x.heading(level)
	x.takeControls()
	if len(x.faults) > 0 {
		x.unlisted()
		return marking.Marking{}
	}
	base := x.build("")
	if base.IsZero() {
		return base
	}
	return x.choose(base)
}

// owners finds out who owns the mark.
func (x *translation) owners() {
	switch owners := x.m.Owner(); {
	case owners == nil:
		x.owner = x.table.owner(x.from)
	case len(owners) == 1 && x.from.KnowsCode(owners[0]):
		x.owner = owners[0]
	}
}

// heading writes owner and level.
func (x *translation) heading(level marking.Level) {
	plain, ok := x.table.Level(x.from, x.m.Level(), x.to)
	if !ok {
		plain = level
	}
	x.head = plain.Name
	if x.owner != "" && x.owner == x.table.owner(x.to) {
		x.kept = true
		return
	}
	activity := x.activity()
	if x.owner != "" && x.ownersMark(level, activity) {
		x.kept = true
		if activity != "" {
			x.items = append(x.items, activity) // it is said
		}
		return
	}
	if owners := x.m.Owner(); owners != nil {
		x.fault(ruleNoOwner, strings.Join(owners, " "), "policy "+x.to.ID()+" has no marks of "+strings.Join(owners, ", "), keepBoth)
	}
}

// activity returns the activity of an organisation that the mark is about.
func (x *translation) activity() string {
	if context, ok := x.fields[fieldContext].([]string); ok && x.m.Owner() == nil && len(context) == 1 {
		return context[0]
	}
	s, _ := x.fields[fieldActivity].(string)
	return s
}

// ownersMark writes the head of a mark of another owner, in the owner's own
// words if the policy reads them, and reports whether the policy has such marks.
func (x *translation) ownersMark(level marking.Level, activity string) bool {
	words := []string{x.m.Level().Name, x.owner + " " + level.Name}
	if activity != "" {
		words = []string{x.owner + " " + activity + " " + level.Name}
	}
	for _, w := range words {
		m, err := x.to.Parse(between + w)
		if err != nil || m.Level() != level || !slices.Equal(m.Owner(), []string{x.owner}) {
			continue
		}
		if said, _ := m.Fields()[fieldActivity].(string); said == activity {
			x.head = between + w
			return true
		}
	}
	return false
}

// takeControls notes the controls, and those that the other policy does not have.
func (x *translation) takeControls() {
	said := x.items // the activity, if the head has it
	x.items = nil
	for _, name := range x.controls() {
		switch {
		case slices.Contains(said, name):
		case name == "":
			x.fault(ruleNoOwner, "", "a source is concealed, which policy "+x.to.ID()+" has no words for", keepBoth)
		case !knows(x.to, name) || name != x.fields[fieldActivity] && !knows(x.from, name):
			x.fault(ruleControl, name, fmt.Sprintf("policy %s does not know %s", x.to.ID(), name), keepBoth+", or ask its originator")
		default:
			x.items = append(x.items, name)
		}
	}
}

// knows reports whether a name is one of the policy's tokens, whatever it may
// stand beside.
func knows(p *marking.Policy, name string) bool {
	levels := p.Levels()
	_, err := p.Parse(levels[len(levels)-1].Name + between + name)
	faults, _ := err.(marking.Faults) //nolint:errorlint // package marking returns no other
	return !slices.ContainsFunc(faults, isUnknown)
}

// controls returns the names of all that the mark has beside owner, level and
// lists, each once; "" stands for a field that is there and empty.
func (x *translation) controls() []string {
	words := x.listWords()
	var out []string
	for _, field := range slices.Sorted(maps.Keys(x.fields)) {
		switch field {
		case "policy", "classification", "owner", fieldRelease, fieldEyes, fieldDisplay:
			continue
		}
		values, ok := x.fields[field].([]string)
		if s, single := x.fields[field].(string); single {
			values = []string{s}
		} else if !ok || len(values) == 0 {
			values = []string{""}
		}
		for _, v := range values {
			if !slices.Contains(words, v) && !slices.Contains(out, v) {
				out = append(out, v)
			}
		}
	}
	return out
}

// listWords returns the tokens of the mark that are the words of its lists. If
// one cannot be told from the other tokens, none of them is: it counts as a
// control then, which the other policy will not know.
func (x *translation) listWords() []string {
	var words []string
	for _, field := range []string{fieldRelease, fieldEyes, fieldDisplay} {
		codes, ok := x.fields[field].([]string)
		if !ok || len(codes) == 0 {
			continue
		}
		var found []string
		for _, f := range slices.Sorted(maps.Keys(x.fields)) {
			values, _ := x.fields[f].([]string)
			for _, v := range values {
				if !isList(f) && (x.beside(v, codes) || field != fieldDisplay && x.listsAs(v, codes)) {
					found = append(found, v)
				}
			}
		}
		if len(found) == 1 {
			words = append(words, found[0])
		}
	}
	return words
}

func isList(field string) bool {
	return field == fieldRelease || field == fieldEyes || field == fieldDisplay || field == "owner"
}

// beside reports whether a token stands right before or after a list.
func (x *translation) beside(token string, codes []string) bool {
	for _, line := range []string{x.m.Banner(), strings.Trim(x.m.Portion(), "()")} {
		if strings.Contains(line, token+" "+codes[0]) || strings.Contains(line, codes[len(codes)-1]+" "+token) {
			return true
		}
	}
	return false
}

// listsAs reports whether a mark of the same level that gets such a list has
// the token: codes may be written in other words (UK). A list of the nation
// alone is not what such a mark can get, but one with others is.
func (x *translation) listsAs(token string, codes []string) bool {
	nation := x.from.Nation()
	if slices.Equal(codes, []string{nation}) {
		codes = append(slices.Clone(codes), x.from.Coalitions(nation)...)
	}
	plain, err := x.from.Parse(x.m.Level().Name)
	if err != nil {
		return false
	}
	listed, err := plain.WithRelease(codes...)
	if err != nil {
		return false
	}
	for _, v := range listed.Fields() {
		if values, _ := v.([]string); slices.Contains(values, token) {
			return true
		}
	}
	return false
}

// build reads the head with the controls and one more item, "" for none.
// Separators and order are the policy's affair; nothing else is mended.
func (x *translation) build(more string) marking.Marking {
	parts := append([]string{x.head}, x.items...)
	if more != "" {
		parts = append(parts, more)
	}
	mended := x.to.Mend(strings.Join(parts, between))
	wrong := mended.Left
	for _, f := range mended.Done {
		if !strings.HasPrefix(f.Rule, "form.") {
			wrong = append(wrong, f)
		}
	}
	if len(wrong) > 0 {
		x.breaches(wrong)
		return marking.Marking{}
	}
	if !x.whole(mended.Marking, x.items) {
		return marking.Marking{}
	}
	return mended.Marking
}

// whole looks at whether a mark has all controls and asks for all read-ins.
func (x *translation) whole(out marking.Marking, controls []string) bool {
	before := len(x.faults)
	has := map[string]bool{}
	for _, v := range out.Fields() {
		values, _ := v.([]string)
		for _, name := range values {
			has[name] = true
		}
		if s, ok := v.(string); ok {
			has[s] = true
		}
	}
	for _, name := range controls {
		if !has[name] && name != "" {
			x.fault(ruleControl, name, fmt.Sprintf("%s is not itself in %s", strconv.Quote(name), out), keepBoth)
		}
	}
	for _, name := range x.m.Compartments() {
		if !slices.Contains(out.Compartments(), name) {
			x.fault(ruleControl, name, fmt.Sprintf("%s asks for no read-in to %s", out, name), keepBoth)
		}
	}
	return len(x.faults) == before
}

// unlisted reports lists that the other policy does not have, where nothing
// can be built to hang them on.
func (x *translation) unlisted() {
	if codes, ok := x.m.ReleaseList(); ok && !x.to.HasReleaseLists() {
		x.noLists(codes)
	}
}

func (x *translation) noLists(codes []string) {
	x.fault(ruleRelease, "", fmt.Sprintf("policy %s has no release lists, and it is for %s", x.to.ID(), few(codes)), keepBoth)
}

// choose puts the lists on a mark: as a release list, or as one for the eyes of
// some if the other would let in somebody new.
func (x *translation) choose(base marking.Marking) marking.Marking {
	codes, ok := x.listCodes(base)
	if !ok {
		return marking.Marking{}
	}
	out, err := released(base, codes)
	wrong, _ := err.(marking.Faults) //nolint:errorlint // package marking returns no other
	if err == nil {
		if wrong = widened(x.m, out, x.kept); len(wrong) == 0 {
			return out
		}
	}
	if eyes := x.eyes(codes); len(codes) > 0 && len(widened(x.m, eyes, x.kept)) == 0 {
		return eyes
	}
	if err != nil {
		x.breaches(err)
	} else {
		x.all(wrong)
	}
	return marking.Marking{}
}

// listCodes returns the codes of the release list, none if there is no list,
// and reports whether the other policy can say whom the mark is for. To the
// list of an organisation's mark the organisation is added, whose members such
// marks name without saying so.
func (x *translation) listCodes(base marking.Marking) ([]string, bool) {
	if display, ok := x.m.DisplayList(); ok {
		x.fault(ruleRelease, "", "its display list has no equivalent in policy "+x.to.ID()+": "+few(display)+" may see it, and not keep it",
			"drop the display list, or "+keepBoth)
		return nil, false
	}
	codes, ok := x.m.ReleaseList()
	if !ok {
		return nil, true
	}
	if !base.Policy().HasReleaseLists() {
		x.noLists(codes)
		return nil, false
	}
	if of := x.table.owner(x.from); of != "" && x.m.Names(of) && !slices.Contains(codes, of) {
		codes = append(codes, of)
	}
	known := true
	for _, c := range codes {
		if !x.to.KnowsCode(c) {
			x.fault(ruleRelease, c, fmt.Sprintf("policy %s does not know %s, whom it is for", x.to.ID(), c), "name members that it knows")
			known = false
		}
	}
	return codes, known
}

// released returns a mark with the codes that it does not name anyway on its
// list.
func released(base marking.Marking, codes []string) (marking.Marking, error) {
	lacking := slices.DeleteFunc(slices.Clone(codes), base.Names)
	if len(lacking) == 0 {
		return base, nil
	}
	return base.WithRelease(lacking...)
}

// eyes returns the mark with the list as that of those for whom alone it is,
// if the policy has such lists beside release lists (NATO's ONLY), else zero.
func (x *translation) eyes(codes []string) marking.Marking {
	before := x.faults
	out := x.build(strings.Join(codes, ", ") + " ONLY")
	x.faults = before // it was a try
	if has, ok := out.ReleaseList(); !ok || !same(has, codes) {
		return marking.Marking{}
	}
	return out
}

func same(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// few lists some codes of many.
func few(codes []string) string {
	const most = 5
	if len(codes) <= most {
		return strings.Join(codes, ", ")
	}
	return strings.Join(codes[:most], ", ") + fmt.Sprintf(" and %d more", len(codes)-most)
}
