package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	openfgav1 "github.com/openfga/api/proto/openfga/v1"
	"github.com/openfga/language/pkg/go/transformer"
	"github.com/openfga/openfga/pkg/server"
	"github.com/openfga/openfga/pkg/storage/migrate"
	"github.com/openfga/openfga/pkg/storage/sqlcommon"
	"github.com/openfga/openfga/pkg/storage/sqlite"
	"github.com/openfga/openfga/pkg/tuple"

	"tearline/bench/kit"
	"tearline/bench/peers/model"
)

// fgaModel is the model as relations. "All compartments" needs a negation:
// none of the compartments is lacking. Levels are cleared one by one. It is
// faithful, and unnatural for a system built for relations.
const fgaModel = `model
  schema 1.1
type party
type country
  relations
    define member: [party]
type coalition
  relations
    define member: [country#member]
type org
  relations
    define member: [party]
type level
  relations
    define cleared: [party]
type compartment
  relations
    define any: [party:*]
    define read: [party]
    define lacks: any but not read
type marking
  relations
    define level: [level]
    define compartment: [compartment]
    define cleared: cleared from level
    define released: [party:*, country#member, coalition#member]
    define uncontrolled: [party:*, country#member, org#member]
    define missing: lacks from compartment
    define ok: (cleared and released) but not missing
type portion
  relations
    define marking: [marking]
    define consent: [org]
    define handled: uncontrolled from marking or member from consent
    define reader: ok from marking and handled
`

// An fga is an embedded OpenFGA with the world in it.
type fga struct {
	b          *bench
	q          *questions
	store      *sqlite.Datastore
	server     *server.Server // as it comes: caches off, lists cut at 3 s and 1,000
	id, models string
}

func benchOpenFGA(b *bench) (err error) {
	q, err := b.questions()
	if err != nil {
		return err
	}
	uri := "file:" + filepath.Join(b.Dir, "openfga.db")
	if err := migrate.RunMigrations(migrate.MigrationConfig{
		Engine: "sqlite", URI: uri, Timeout: time.Minute, PingTimeout: 10 * time.Second,
	}); err != nil {
		return err
	}
	store, err := sqlite.New(uri, sqlcommon.NewConfig()) // the pool is not capped: with four connections lists came back empty
	if err != nil {
		return err
	}
	s, err := server.NewServerWithOpts(server.WithDatastore(store))
	if err != nil {
		store.Close()
		return err
	}
	defer s.Close() // and with it the store
	f := &fga{b: b, q: q, store: store, server: s}
	if err := f.load(); err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return err
	}
	return f.list()
}

// load writes the model and the world.
func (f *fga) load() error {
	created, err := f.server.CreateStore(f.b.Ctx, &openfgav1.CreateStoreRequest{Name: "peers"})
	if err != nil {
		return err
	}
	f.id = created.GetId()
	m, err := transformer.TransformDSLToProto(fgaModel)
	if err != nil {
		return err
	}
	written, err := f.server.WriteAuthorizationModel(f.b.Ctx, &openfgav1.WriteAuthorizationModelRequest{
		StoreId: f.id, SchemaVersion: m.GetSchemaVersion(), TypeDefinitions: m.GetTypeDefinitions(),
	})
	if err != nil {
		return err
	}
	f.models = written.GetAuthorizationModelId()
	tuples := fgaTuples(f.q.world)
	start := kit.Wall()
	for batch := range slices.Chunk(tuples, 100) {
		if err := f.store.Write(f.b.Ctx, f.id, nil, batch); err != nil {
			return err
		}
	}
	took := kit.Wall() - start
	f.b.Add("one tuple written, batches of 100, wall", "µs", kit.One(took.Seconds()*1e6/float64(len(tuples))), kit.Goal{})
	return nil
}

// fgaTuples are the world as relations.
func fgaTuples(w *model.World) []*openfgav1.TupleKey {
	var list []*openfgav1.TupleKey
	add := func(object, relation, user string) { list = append(list, tuple.NewTupleKey(object, relation, user)) }
	for c := range uint8(model.Compartments) {
		add("compartment:"+compartmentName(c), "any", "party:*")
	}
	for c := range uint8(model.Countries) {
		for _, k := range w.CoalitionsOf(c) {
			add("coalition:"+model.CoalitionName(int(k)), "member", "country:"+countryName(c)+"#member")
		}
	}
	for i := range w.Parties {
		p := &w.Parties[i]
		party := fmt.Sprintf("party:p%d", i)
		add("country:"+countryName(p.Country()), "member", party)
		add("org:"+orgName(p.Org), "member", party)
		for l := range p.Level + 1 {
			add(fmt.Sprintf("level:%d", l), "cleared", party)
		}
		for _, c := range p.Compartments {
			add("compartment:"+compartmentName(c), "read", party)
		}
	}
	for i := range w.Labels {
		fgaLabel(fmt.Sprintf("marking:l%d", i), &w.Labels[i], add)
	}
	for i, label := range w.Label {
		x := uint32(i)
		add("portion:"+portionName(x), "marking", "marking:"+labelName(label))
		consents := slices.Clone(w.Consents(x))
		slices.Sort(consents)
		for _, org := range slices.Compact(consents) {
			add("portion:"+portionName(x), "consent", "org:"+orgName(org))
		}
	}
	return list
}

func fgaLabel(m string, l *model.Label, add func(object, relation, user string)) {
	add(m, "level", fmt.Sprintf("level:%d", l.Level))
	for _, c := range l.Compartments {
		add(m, "compartment", "compartment:"+compartmentName(c))
	}
	switch l.Release {
	case model.Public:
		add(m, "released", "party:*")
	case model.RelTo:
		for _, c := range l.Countries {
			add(m, "released", "country:"+countryName(c)+"#member")
		}
		for _, c := range l.Coalitions {
			add(m, "released", "coalition:"+model.CoalitionName(int(c))+"#member")
		}
	case model.HomeOnly, model.NoForn:
		add(m, "released", "country:"+homeName+"#member")
	}
	switch {
	case l.Orcon:
	case l.Origin() == model.Home:
		add(m, "uncontrolled", "party:*")
		return
	default:
		add(m, "uncontrolled", "country:"+homeName+"#member")
		add(m, "uncontrolled", "country:"+countryName(l.Origin())+"#member")
	}
	add(m, "uncontrolled", "org:"+orgName(l.Originator)+"#member")
}

// check measures single decisions.
func (f *fga) check() error {
	q := *f.q
	q.pairs = balanced(f.q, f.b.fga)
	return f.b.decision(fmt.Sprintf("Check over SQLite, %s portions", kit.Number(float64(len(q.world.Label)))), &q, func(i int) (bool, error) {
		r, err := f.server.Check(f.b.Ctx, &openfgav1.CheckRequest{
			StoreId: f.id, AuthorizationModelId: f.models,
			TupleKey: tuple.NewCheckRequestTupleKey("portion:"+portionName(q.pairs[i].Portion), "reader", "party:"+partyName(q.pairs[i].Party)),
		})
		if err != nil {
			return false, fmt.Errorf("%w: %w", err, errors.Unwrap(err)) // what leaves it says "internal server error"
		}
		return r.GetAllowed(), nil
	})
}

// balanced returns the first n pairs, as many released as not.
func balanced(q *questions, n int) []model.Pair {
	left := map[bool]int{true: n / 2, false: n - n/2}
	var list []model.Pair
	for _, p := range q.pairs {
		released := q.world.Decide(p.Party, p.Portion).Outcome == model.Released
		if left[released] > 0 {
			left[released]--
			list = append(list, p)
		}
	}
	return list
}

// list measures what one party may have, first without limits, and says what
// the default limits leave of it.
func (f *fga) list() error {
	unlimited, err := server.NewServerWithOpts(server.WithDatastore(f.store), server.WithListObjectsDeadline(10*time.Minute),
		server.WithListObjectsMaxResults(uint32(len(f.q.world.Label)+1)), //nolint:gosec // a few thousand
		server.WithRequestTimeout(10*time.Minute))
	if err != nil {
		return err
	}
	defer unlimited.Close()
	counters := model.NewListing(f.q.bits)
	for _, share := range []float64{.12, .30, .87} {
		party := counters.Nearest(share)
		want := f.visible(party)
		name := fmt.Sprintf("%s of %s (%.2g %%)", kit.Number(float64(len(want))), kit.Number(float64(len(f.q.world.Label))),
			100*float64(len(want))/float64(len(f.q.world.Label)))
		took, cpu := kit.Wall(), kit.CPU()
		got, err := f.objects(unlimited, party)
		took, cpu = kit.Wall()-took, kit.CPU()-cpu
		if err != nil {
			return err
		}
		if !slices.Equal(got, want) {
			return fmt.Errorf("list of party %d has %d portions: the answer is %d", party, len(got), len(want))
		}
		f.b.Add("ListObjects to the end, no order, no pages, "+name+", wall", "ms", kit.One(took.Seconds()*1e3), kit.Goal{})
		f.b.Add("ListObjects to the end, no order, no pages, "+name+", CPU", "ms", kit.One(cpu.Seconds()*1e3), kit.Goal{})
		took = kit.Wall()
		if got, err = f.objects(f.server, party); err != nil {
			return err
		}
		took = kit.Wall() - took
		f.b.Add("ListObjects with default limits (3 s, 1,000), no error, "+name, found, kit.One(float64(len(got))), kit.Goal{},
			kit.Peer{Name: "all that may be released", Value: float64(len(want))})
		f.b.Add("ListObjects with default limits (3 s, 1,000), no error, "+name+", wall", "ms", kit.One(took.Seconds()*1e3), kit.Goal{})
	}
	return nil
}

// visible returns the names of all portions that a party may have, ascending.
func (f *fga) visible(party uint32) []string {
	var list []string
	for x := range uint32(len(f.q.world.Label)) { //nolint:gosec // far below 2³²
		if f.q.world.Decide(party, x).Outcome == model.Released {
			list = append(list, "portion:"+portionName(x))
		}
	}
	slices.Sort(list)
	return list
}

func (f *fga) objects(s *server.Server, party uint32) ([]string, error) {
	r, err := s.ListObjects(f.b.Ctx, &openfgav1.ListObjectsRequest{
		StoreId: f.id, AuthorizationModelId: f.models, Type: "portion", Relation: "reader", User: "party:" + partyName(party),
	})
	if err != nil {
		return nil, err
	}
	list := r.GetObjects()
	if f.b.Ctx.Err() != nil {
		return nil, errors.New("interrupted")
	}
	slices.Sort(list)
	return list, nil
}
