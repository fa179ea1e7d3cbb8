package train_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"tearline"
	"tearline/leak/match"
	"tearline/leak/segment"
	"tearline/leak/train"
	"tearline/leak/weights"
)

// prose makes n words in sentences of twelve, every other of them a plain one.
func prose(rng *rand.Rand, n int) string { return proseOf(rng, 500, n) }

// proseOf makes them of so many words, beside the plain ones.
func proseOf(rng *rand.Rand, vocabulary, n int) string {
	const letters = "abcdefghijklmnopqrstuvwxyz"
	plain := strings.Fields("the of and to in a that it was for on with as at by from said had")
	var b strings.Builder
	for i := range n {
		word := plain[rng.IntN(len(plain))]
		if i%2 == 0 || i%12 == 11 {
			k := 7 * rng.IntN(vocabulary) % 67_600
			word = fmt.Sprintf("%c%c%c%co", letters[k%26], "aeiou"[k/26%5], letters[k/130%26], "aeiou"[k/3380%5])
		}
		if i%12 == 0 {
			if i > 0 {
				b.WriteString(". ")
			}
			word = strings.ToUpper(word[:1]) + word[1:]
		} else {
			b.WriteByte(' ')
		}
		b.WriteString(word)
	}
	return b.String() + "."
}

func ref(i int) tearline.PortionRef {
	return tearline.PortionRef{Report: tearline.ReportID(fmt.Sprintf("r%03d", i)), Portion: "p1"}
}

// archived makes an archive of texts.
func archived(texts ...string) (*match.Archive, error) {
	key := segment.NewKey([32]byte{})
	f, b := match.NewFiler(key), segment.NewBuilder(key, [16]byte{})
	for i, text := range texts {
		w, err := tearline.ParseWording(text)
		if err == nil {
			err = f.Documents(match.Portion{Ref: ref(i), Wording: w}, b.Add)
		}
		if err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	if err := b.WriteTo(&out, "test"); err != nil {
		return nil, err
	}
	s, err := segment.Open(out.Bytes(), key)
	if err != nil {
		return nil, err
	}
	return match.NewArchive(key, s), nil
}

// edited leaves out every seventh word of a text and changes another.
func edited(rng *rand.Rand, text string) string {
	var out []string
	for i, w := range strings.Fields(text) {
		switch i % 7 {
		case 3:
		case 6:
			out = append(out, prose(rng, 1)[:3]+"u")
		default:
			out = append(out, w)
		}
	}
	return strings.Join(out, " ") + "."
}

// gist puts a few words of a text, in another order, among others.
func gist(rng *rand.Rand, text string) string {
	words := strings.Fields(prose(rng, 24))
	from := strings.Fields(strings.ToLower(text))
	for range 7 {
		words[rng.IntN(len(words))] = from[2*rng.IntN(len(from)/2)]
	}
	return strings.Join(words, " ") + "."
}

// learnt is how many lessons are learned from.
const learnt = 28

// A school is a made-up archive with lessons about it.
type school struct {
	rng      *rand.Rand
	texts    []string
	archive  *match.Archive
	drawn    []train.Lesson // quote a portion, an edited one, or a few words of it
	unheard  []train.Lesson // draw on nothing
	unlearnt []train.Lesson // quote other portions, one in four an edited one
}

func newSchool() (*school, error) {
	s := &school{rng: rand.New(rand.NewPCG(1, 2))}
	for range 80 {
		s.texts = append(s.texts, prose(s.rng, 36))
	}
	var err error
	if s.archive, err = archived(s.texts...); err != nil {
		return nil, err
	}
	for i := range learnt + 20 {
		text := s.texts[i]
		switch i % 4 {
		case 1:
			text = edited(s.rng, text)
		case 2, 3:
			if i < learnt {
				text = gist(s.rng, text)
			}
		}
		l := train.Lesson{Text: prose(s.rng, 24) + " " + text + " " + prose(s.rng, 24), DrawsOn: []tearline.PortionRef{ref(i)}}
		if i < learnt {
			s.drawn = append(s.drawn, l)
		} else {
			s.unlearnt = append(s.unlearnt, l)
		}
	}
	for range 102 {
		s.unheard = append(s.unheard, train.Lesson{Text: prose(s.rng, 60)})
	}
	return s, nil
}

func opened(tb testing.TB) *school {
	tb.Helper()
	s, err := newSchool()
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func (s *school) fit(lessons ...train.Lesson) (*weights.Weights, error) {
	return train.Fit(context.Background(), []*match.Archive{s.archive}, lessons, "made up", nil)
}

// fitted is what the lessons of a school teach.
var fitted = sync.OnceValues(func() (*weights.Weights, error) {
	s, err := newSchool()
	if err != nil {
		return nil, err
	}
	return s.fit(append(s.drawn, s.unheard...)...)
})

func written(tb testing.TB, w *weights.Weights) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := w.Write(&b); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// What was learned finds what was not learned from, and nothing where there is
// nothing; twice the same is learned.
func TestFit(t *testing.T) {
	t.Parallel()
	s := opened(t)
	lessons := append(s.drawn, s.unheard...)
	done := 0
	w, err := train.Fit(t.Context(), []*match.Archive{s.archive}, lessons, "made up", func(n, of int) {
		if done++; n != done || of != len(lessons) {
			t.Errorf("read %d of %d after %d", n, of, done)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if done != len(lessons) || w.From != "made up" {
		t.Errorf("read %d texts, from %q", done, w.From)
	}
	b := written(t, w)
	if _, err := weights.Read(bytes.NewReader(b)); err != nil {
		t.Errorf("what was learned does not read: %v", err)
	}
	again, err := fitted()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b, written(t, again)) {
		t.Error("the same lessons taught something else")
	}

	searcher := s.archive.With(w, 1).NewSearcher()
	look := func(text string) []match.Match {
		l, err := match.Prepare(text)
		if err != nil {
			t.Fatal(err)
		}
		found, err := searcher.Search(l)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	for _, l := range s.unlearnt {
		if found := look(l.Text); len(found) == 0 || found[0].Ref != l.DrawsOn[0] || found[0].Kind == match.Weak || found[0].EValue > match.MostE {
			t.Errorf("%s is not found", l.DrawsOn[0])
		}
	}
	wrong := 0
	for range 40 {
		if found := look(prose(s.rng, 60)); len(found) > 0 && found[0].Kind != match.Weak {
			wrong++
		}
	}
	if wrong > 8 { // 4 are to be expected
		t.Errorf("%d of 40 unrelated texts match", wrong)
	}
}

// What reports the same events says what is no evidence, and nothing of
// chance: it neither counts as a text that draws on nothing, nor moves them.
func TestFitOfRelatedLessons(t *testing.T) {
	t.Parallel()
	s := opened(t)
	var related []train.Lesson
	for i := range 16 {
		text := strings.Join(strings.Fields(s.texts[50+i])[:14], " ") // some of the words in a row
		related = append(related, train.Lesson{Text: text + " " + prose(s.rng, 40), Related: true})
	}
	lessons := append(s.drawn, related...)
	if _, err := s.fit(append(related, s.unheard[:90]...)...); err == nil || !strings.Contains(err.Error(), "fewer than 100 texts") {
		t.Errorf("90 texts that draw on nothing, and 16 related: %v", err)
	}
	with, err := s.fit(append(lessons, s.unheard...)...)
	if err != nil {
		t.Fatal(err)
	}
	without, err := fitted()
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(written(t, with), written(t, without)) {
		t.Error("related texts taught nothing")
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	s := opened(t)
	ctx, cancel := context.WithCancel(t.Context())
	stop := func(done, _ int) {
		if done == 5 {
			cancel()
		}
	}
	if w, err := train.Fit(ctx, []*match.Archive{s.archive}, s.unheard, "", stop); !errors.Is(err, context.Canceled) || w != nil {
		t.Errorf("%v, %v", w, err)
	}
	if _, err := train.Calibrate(ctx, s.archive, weights.Default(), s.unheard); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// Lessons that cannot be read teach nothing.
func TestFitRefuses(t *testing.T) {
	t.Parallel()
	s := opened(t)
	if _, err := s.fit(); err == nil {
		t.Error("learned from no lessons")
	}
	long := train.Lesson{Text: strings.Repeat("x", match.MaxLeak+1)}
	if _, err := s.fit(append(s.unheard, long)...); err == nil || !strings.Contains(err.Error(), "at most") {
		t.Errorf("a text that is too long: %v", err)
	}
}

// How often chance does well in an archive is learned from its own texts.
func TestCalibrate(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(3, 4))
	// calibrate asks an archive whose texts are made of so many words; of its
	// texts, so many are decoys.
	calibrate := func(vocabulary, decoys int, more ...train.Lesson) float64 {
		t.Helper()
		var texts []string
		for range 80 {
			texts = append(texts, proseOf(rng, vocabulary, 36))
		}
		lessons := more
		for i := range decoys {
			lessons = append(lessons, train.Lesson{Text: texts[i], DrawsOn: []tearline.PortionRef{ref(i)}})
		}
		a, err := archived(texts...)
		if err != nil {
			t.Fatal(err)
		}
		f, err := train.Calibrate(t.Context(), a, weights.Default(), lessons)
		if err != nil {
			t.Fatal(err)
		}
		if !(f >= 1 && f <= 4) {
			t.Errorf("factor %v", f)
		}
		return f
	}
	wide, narrow := calibrate(20_000, 80), calibrate(150, 80)
	if narrow <= 1 || narrow <= wide {
		t.Errorf("factor %v where texts have little in common, %v where they have much", wide, narrow)
	}
	if f := calibrate(150, 49); f != 1 {
		t.Errorf("factor %v of 49 decoys", f)
	}
	var plain []train.Lesson
	for range 50 {
		plain = append(plain, train.Lesson{Text: "It is said that it was so."})
	}
	if f := calibrate(20_000, 0, plain...); f != 1 {
		t.Errorf("factor %v where nothing is shared", f)
	}
}
