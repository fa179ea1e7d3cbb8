package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"tearline/bench/kit"
	"tearline/bench/peers/model"
)

// rlsSchema has a portion a row, the release list expanded into four words.
const rlsSchema = `create table portion (
	id int4 not null, label int2 not null, level int2 not null, originator int2 not null, origin int2 not null, orcon bool not null,
	compartments int8 not null, release0 int8 not null, release1 int8 not null, release2 int8 not null, release3 int8 not null,
	consent int2[] not null)`

var rlsColumns = []string{
	"id", "label", "level", "originator", "origin", "orcon", "compartments", "release0", "release1", "release2", "release3", "consent",
}

// What both attribute policies have alike.
const (
	rlsLevels = `
		level <= (select current_setting('peers.level')::int2)
		and compartments & ~(select current_setting('peers.compartments')::int8) = 0`
	rlsControl = `
		and (not orcon and (origin = 0 or (select current_setting('peers.country')::int2) = 0
				or origin = (select current_setting('peers.country')::int2))
			or originator = (select current_setting('peers.org')::int2)
			or (select current_setting('peers.org')::int2) = any (consent))`
)

// A policy is one way to say the model in row-level security; each has a role
// of its own. Settings are read by scalar sub-selects, so once a query.
type policy struct{ role, how, using string }

var policies = []policy{
	{"by_attributes", "attribute policy", rlsLevels + `
		and ((release0 & (select current_setting('peers.nation0')::int8)) | (release1 & (select current_setting('peers.nation1')::int8))
			| (release2 & (select current_setting('peers.nation2')::int8)) | (release3 & (select current_setting('peers.nation3')::int8))) <> 0
		` + rlsControl},
	// The same in other words: "= 1" makes the planner expect fewer rows.
	{"by_shift", "attribute policy by shift", rlsLevels + `
		and (case (select current_setting('peers.word')::int4)
			when 0 then release0 when 1 then release1 when 2 then release2 else release3 end
			>> (select current_setting('peers.bit')::int4)) & 1 = 1
		` + rlsControl},
	// The outer cast makes it an array rather than a sub-query.
	{"by_array", "label = any (setting)", `
		label = any ((select current_setting('peers.released')::int2[])::int2[])
		or label = any ((select current_setting('peers.referred')::int2[])::int2[])
			and (select current_setting('peers.org')::int2) = any (consent)`},
	{"by_set", "label in (select unnest (setting))", `
		label in (select unnest(current_setting('peers.released')::int2[]))
		or label in (select unnest(current_setting('peers.referred')::int2[]))
			and (select current_setting('peers.org')::int2) = any (consent)`},
}

func benchPostgres(b *bench) error {
	return b.rls(func() (*archive, error) { return b.archive(b.listing.Portions) })
}

func benchPostgresLarge(b *bench) error {
	return b.rls(func() (*archive, error) { return b.archive(b.large) })
}
func benchPostgresOld(b *bench) error { return b.rls(b.oldArchive) }

// rls measures one archive, or says that PostgreSQL is not there.
func (b *bench) rls(archive func() (*archive, error)) (err error) {
	c, err := b.startPostgres()
	if errors.Is(err, errNoPostgres) {
		b.Add("not measured: "+err.Error(), "none", kit.One(0), kit.Goal{})
		return nil
	}
	if err != nil {
		return err
	}
	a, err := archive()
	if err != nil {
		return err
	}
	owner, err := c.connect(b.Ctx, "postgres")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, owner.close(b.Ctx)) }()
	if err := b.loadRLS(owner, a); err != nil {
		return err
	}
	for i := range policies {
		if err := b.measurePolicy(c, &policies[i], a); err != nil {
			return fmt.Errorf("%s: %w", policies[i].how, err)
		}
	}
	_, err = owner.Exec(b.Ctx, "drop table portion")
	return err
}

// loadRLS makes the table with its indexes and policies.
func (b *bench) loadRLS(s *backend, a *archive) error {
	if _, err := s.Exec(b.Ctx, rlsSchema); err != nil {
		return err
	}
	_, err := s.CopyFrom(b.Ctx, pgx.Identifier{"portion"}, rlsColumns, pgx.CopyFromSlice(len(a.world.Label), func(i int) ([]any, error) {
		label := a.world.Label[i]
		l := &a.bits.Labels[label]
		row := []any{
			int32(i), int16(label), int16(l.Level), int16(l.Originator), int16(l.Origin), l.Orcon, //nolint:gosec // all far below
			signed(l.Compartments), signed(l.Release[0]), signed(l.Release[1]), signed(l.Release[2]), signed(l.Release[3]),
		}
		orgs := []int16{}
		for _, org := range a.world.Consents(uint32(i)) { //nolint:gosec // an index
			orgs = append(orgs, int16(org)) //nolint:gosec // below 500
		}
		return append(row, orgs), nil
	}))
	if err != nil {
		return err
	}
	lines := []string{
		"alter table portion add primary key (id)", "create index on portion (label)",
		"alter table portion enable row level security", "vacuum (freeze, analyze) portion",
	}
	for _, p := range policies {
		lines = append(lines,
			"do $$ begin if not exists (select from pg_roles where rolname = '"+p.role+"') then create role "+p.role+" login; end if; end $$",
			"grant select on portion to "+p.role, "create policy "+p.role+" on portion for select to "+p.role+" using ("+p.using+")")
	}
	for _, line := range lines {
		if _, err := s.Exec(b.Ctx, line); err != nil {
			return fmt.Errorf("%s: %w", line, err)
		}
	}
	var heap, indexes int64
	if err := s.QueryRow(b.Ctx, "select pg_relation_size('portion'), pg_indexes_size('portion')").Scan(&heap, &indexes); err != nil {
		return err
	}
	n := float64(len(a.world.Label))
	b.Add("table, per portion", "B", kit.One(float64(heap)/n), kit.Goal{})
	b.Add("its two indexes, per portion", "B", kit.One(float64(indexes)/n), kit.Goal{})
	b.note("size", "on disk", float64(heap+indexes)/n)
	return nil
}

func (b *bench) measurePolicy(c *cluster, p *policy, a *archive) (err error) {
	s, err := c.connect(b.Ctx, p.role)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close(b.Ctx)) }()
	if p == &policies[0] {
		if err := b.rlsDecisions(s, p, a); err != nil {
			return err
		}
	}
	for i := range a.cases {
		if err := b.rlsList(s, p, a, &a.cases[i]); err != nil {
			return err
		}
	}
	return nil
}

// become makes the settings those of a party.
func (b *bench) become(s *backend, a *archive, party uint32) error {
	p := &a.bits.Parties[party]
	var nation model.CountrySet
	nation[p.Country>>6] = 1 << (p.Country & 63)
	released, referred := arrays(a.bits.LabelOutcomes(party))
	settings := []string{
		"word", strconv.Itoa(int(p.Country >> 6)), "bit", strconv.Itoa(int(p.Country & 63)),
		"level", strconv.Itoa(int(p.Level)), "compartments", strconv.FormatInt(signed(p.Compartments), 10),
		"country", strconv.Itoa(int(p.Country)), "org", strconv.Itoa(int(p.Org)), "released", released, "referred", referred,
	}
	for i, word := range nation {
		settings = append(settings, fmt.Sprintf("nation%d", i), strconv.FormatInt(signed(word), 10))
	}
	for i := 0; i < len(settings); i += 2 {
		if _, err := s.Exec(b.Ctx, "select set_config('peers.' || $1, $2, false)", settings[i], settings[i+1]); err != nil {
			return err
		}
	}
	return nil
}

// arrays writes the labels that are released and referred as SQL does.
func arrays(outcomes []model.Outcome) (released, referred string) {
	var lists [2][]string
	for label, o := range outcomes {
		switch o {
		case model.Released:
			lists[0] = append(lists[0], strconv.Itoa(label))
		case model.Referred:
			lists[1] = append(lists[1], strconv.Itoa(label))
		case model.Denied:
		}
	}
	return "{" + strings.Join(lists[0], ",") + "}", "{" + strings.Join(lists[1], ",") + "}"
}

// rlsDecisions checks all pairs by primary key, then measures some parties
// over all portions of the pairs: the settings stay, as in a session.
func (b *bench) rlsDecisions(s *backend, p *policy, a *archive) error {
	if _, err := s.Prepare(b.Ctx, "one", "select exists (select from portion where id = $1)"); err != nil {
		return err
	}
	ask := func(portion uint32) (released bool, err error) {
		err = s.QueryRow(b.Ctx, "one", int32(portion)).Scan(&released) //nolint:gosec // far below 2³¹
		return released, err
	}
	err := a.check(a.pairs, func(i int) (bool, error) {
		if err := b.become(s, a, a.pairs[i].Party); err != nil {
			return false, err
		}
		return ask(a.pairs[i].Portion)
	})
	if err != nil {
		return err
	}
	const parties = 8
	var each kit.Spread // the average of the parties
	for i := range parties {
		party := a.pairs[i*len(a.pairs)/parties].Party
		if err := b.become(s, a, party); err != nil {
			return err
		}
		took, err := b.Cost(s.cpu, func() error {
			for _, x := range a.pairs {
				got, err := ask(x.Portion)
				if err != nil {
					return err
				}
				if want := a.bits.Outcome(party, x.Portion) == model.Released; got != want {
					return fmt.Errorf("released is %t of party %d, portion %d", got, party, x.Portion)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		part := took.Times(1 / float64(parties*len(a.pairs)))
		each = kit.Spread{Min: each.Min + part.Min, Median: each.Median + part.Median, Max: each.Max + part.Max, Runs: part.Runs}
	}
	b.Add("decision, "+p.how+", by primary key, settings kept, backend CPU", "µs", each.Times(1e-3), kit.Goal{}, kit.Peer{Name: bitsetLimit, Value: a.warm.Min / 1e3})
	b.note("decision", p.how+" by primary key", each.Min)
	return nil
}

// rlsList measures the count and the first page for one party, the page both
// as the planner likes it at its stock costs and with the order of the index
// forced.
func (b *bench) rlsList(s *backend, p *policy, a *archive, c *listing) error {
	if err := b.become(s, a, c.party); err != nil {
		return err
	}
	err := b.counting(p.how, c, s.cpu, func() (n int, err error) {
		err = s.QueryRow(b.Ctx, "select count(*) from portion").Scan(&n)
		return n, err
	})
	if err != nil {
		return err
	}
	for _, plan := range []struct{ name, how, sort string }{{"own", ", stock plan", "on"}, {"forced", ", index order forced", "off"}} {
		for _, setting := range []string{"enable_sort", "enable_bitmapscan", "enable_seqscan"} {
			if _, err := s.Exec(b.Ctx, "set "+setting+" = "+plan.sort); err != nil {
				return err
			}
		}
		// A plan is kept under its name, so each needs one of its own.
		name := fmt.Sprintf("page_%s_%d", plan.name, c.party)
		if _, err := s.Prepare(b.Ctx, name, fmt.Sprintf("select id from portion order by id desc limit %d", model.PageSize)); err != nil {
			return err
		}
		err := b.paging(p.how+plan.how, c, s.cpu, func() ([]uint32, error) {
			rows, err := s.Query(b.Ctx, name)
			if err != nil {
				return nil, err
			}
			return pgx.CollectRows(rows, pgx.RowTo[uint32])
		})
		if err != nil {
			return err
		}
	}
	for _, setting := range []string{"enable_sort", "enable_bitmapscan", "enable_seqscan"} {
		if _, err := s.Exec(b.Ctx, "set "+setting+" = on"); err != nil {
			return err
		}
	}
	return nil
}
