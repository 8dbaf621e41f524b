package scanner

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"tideline/parsers"
	"tideline/scanner/finding"
	"tideline/scanner/sigma"
	"tideline/scanner/source"
	"tideline/scanner/spill"
	"tideline/scanner/tally"
	"tideline/scanner/text"
)

// A sink takes the events of streams on one goroutine: it counts them, runs
// the rules over them and keeps what matched. Scratch space and matchers are
// kept from stream to stream, so a boring event allocates nothing.
type sink struct {
	rules          *Ruleset
	matchers       map[*parsers.Format]*matchers
	format         *parsers.Format // of the last event
	formatMatchers *matchers       // of format
	partial        *hitBuffer
	tally          *tally.Tally
	texts          *text.Recent
	repeater       repeater
	spares         parsers.Spares  // decoders of the streams before
	asked          map[string]bool // the details that matter to coverage, of the formats met so far
	stream         openStream
	event          judged
}

// An openStream is the one that a sink takes events of.
type openStream struct {
	number        int    // streams of the sink so far, this one included
	path          string // of it
	place         string // what actors without a host are named after: the same before and after a rotation
	host, cluster string
	first, last   time.Time
	remarks       remarks
	fired         map[int]bool // rules that matched

	pending *pending // hits whose outcome is awaited, shared with the other sinks that read it
	answers []answer // that pending is not told yet
	key     []byte   // scratch: of a request
}

// A judged is what came of the event at hand. All of it is scratch, used again for the
// next.
type judged struct {
	matched   []int    // rules, of one view
	hits      []int    // rules, of all views
	templates []uint32 // of those of the hits that can be repeated as echoes
	template  [1]uint32
	values    [][]byte
	evidence  evidence
	quoted    finding.Hit // the evidence of a hit that is not made
	cutList   bool        // of a field of the hit that was made last there are fewer values than of the event
}

// matchers are the rules for each kind of view of one format.
type matchers struct {
	byKind  []*sigma.Matcher
	scratch []*sigma.Scratch
	alike   likenesses // by number, of the decoder of the format
	place   string     // of the streams that alike is of
	limit   int        // size of an event above which it is looked at, whatever it is like
}

func newSink(rules *Ruleset, out *hitBuffer) *sink {
	return &sink{rules: rules, matchers: map[*parsers.Format]*matchers{}, partial: out, tally: tally.New(), texts: text.NewRecent(),
		spares: parsers.Spares{}, asked: map[string]bool{}, stream: openStream{fired: map[int]bool{}, key: make([]byte, 0, 128)}}
}

// start prepares for a stream.
func (s *sink) start(path string, p *pending) {
	before := &s.stream
	s.stream = openStream{number: before.number + 1, path: path, place: source.Place(path), pending: p,
		fired: before.fired, answers: before.answers, key: before.key}
	s.format = nil
	if spill.MemoryIsShort() {
		s.forget()
	}
	for f, m := range s.matchers {
		switch {
		case s.spares[f] == nil:
			m.forget()
		case m.place != s.stream.place:
			m.alike = nil
		}
		m.place = s.stream.place
	}
}

// begin makes the next streams count, and their hits be kept, elsewhere.
func (s *sink) begin(out *hitBuffer) {
	s.partial, s.tally = out, tally.New()
	for _, m := range s.matchers {
		m.alike = nil // it says where in the tally before was counted
	}
}

// forget gives up what was found out about events of all formats, of which the next
// stream has but one.
func (s *sink) forget() {
	clear(s.spares)
	for _, m := range s.matchers {
		for _, sc := range m.scratch {
			sc.Forget()
		}
	}
}

// keepOnly gives up the spare decoders of other formats, and what is known of their
// events: together they take more memory than there is, and files of one format mostly
// follow one another. Those that the current stream is read with are not spare.
func (s *sink) keepOnly(f *parsers.Format) {
	for g := range s.spares {
		if g == f {
			continue
		}
		delete(s.spares, g)
		if m := s.matchers[g]; m != nil {
			m.forget()
		}
	}
}

// forget gives up what is known by numbers that a decoder gave.
func (m *matchers) forget() {
	m.alike = nil // not emptied: there may be few from now on
	for _, sc := range m.scratch {
		sc.ForgetAkin()
	}
}

// Remark implements parsers.Sink.
func (s *sink) Remark(r parsers.Remark) { s.stream.remarks.add(r) }

// Event implements parsers.Sink.
func (s *sink) Event(f *parsers.Format, ev *parsers.Event) error {
	s.see(ev)
	if ev.Parted != nil {
		s.tally.See(f, ev)
		return s.partial.addParted(newParted(f, s.stream.path, ev))
	}
	if isAnswer(ev) {
		s.stream.pending.settle(ev, s.stream.key[:0], &s.stream.answers)
	}
	m := s.forFormat(f)
	if r := m.alike.of(ev); r != nil && rawSize(ev) <= m.limit && (r.hits == nil || r.stream == s.stream.number) {
		if again, err := s.again(ev, r); again || err != nil {
			if s.tally.Again(f, ev, s.stream.place, &r.counters); s.tally.Full() {
				s.handOver()
			}
			return err
		}
	}
	s.tally.Add(f, ev, s.stream.place)
	plain, err := s.judge(f, ev, m)
	came := likeness{counters: s.tally.Last(), stream: s.stream.number}
	if came.strict = came.counters.Strict() || len(s.event.hits) > 0; came.strict {
		ev.Like.Loose = false
	}
	if plain && ev.Like.Number > 0 && len(s.event.templates) > 0 {
		hits := slices.Clone(s.event.templates)
		came.hits, came.stage = &hits, uint8(slices.Index(stages[:], string(ev.Request.Stage)))
	}
	m.alike.learn(ev, plain, came)
	if s.tally.Full() {
		s.handOver()
	}
	return err
}

// handOver gives the statistics to those of all sinks.
func (s *sink) handOver() {
	s.partial.merge(s.tally)
	s.tally.Reset()
	for _, m := range s.matchers {
		m.alike.setAdrift()
	}
}

// judge runs the rules over an event. It is plain if each hit has a template,
// of which there is a list then.
func (s *sink) judge(f *parsers.Format, ev *parsers.Event, m *matchers) (plain bool, err error) {
	plain = true
	s.event.hits, s.event.templates = s.event.hits[:0], s.event.templates[:0]
	s.event.evidence = evidence{}
	size := rawSize(ev)
	for i := range ev.Views {
		v := &ev.Views[i]
		if v.Kind >= len(m.byKind) || len(m.byKind[v.Kind].Rules()) == 0 {
			continue // nobody looks at such views, or the format did not declare them
		}
		s.event.matched = m.byKind[v.Kind].MatchAkin(s.event.matched[:0], v.Fields, size, akin(ev, i), m.scratch[v.Kind])
		plain = plain && !m.scratch[v.Kind].Unsettled() && !(ev.Akin > 0 && m.scratch[v.Kind].Varied())
		for _, rule := range m.scratch[v.Kind].OverBudget() {
			plain = false
			s.overBudget(ev, rule)
		}
		for _, rule := range s.event.matched {
			if slices.Contains(s.event.hits, rule) {
				continue // a hit is rule x event, however many views show it
			}
			s.event.hits = append(s.event.hits, rule)
			plain = plain && !(ev.Akin > 0 && s.rules.made[rule].differs(v.Varies))
			if err := s.hit(f, ev, v, rule); err != nil {
				return false, err
			}
		}
	}
	return plain && len(s.event.hits) == len(s.event.templates), nil
}

// akin is what the view at a place in an event has in common with others.
func akin(ev *parsers.Event, place int) sigma.Akin {
	if ev.Akin == 0 || place >= maxAkinViews {
		return sigma.Akin{}
	}
	out := sigma.Akin{Number: ev.Akin*maxAkinViews + uint64(place)}
	if v := ev.Views[place].Varies; v != nil {
		out.Varies, out.Numbers, out.Words = v.Fields, v.Numbers, v.Words
	}
	return out
}

// maxAkinViews is how many views of an event may be akin to those of others.
const maxAkinViews = 32

// rawSize is how many bytes an event was made of.
func rawSize(ev *parsers.Event) int {
	size := 0
	for i := range ev.Pos {
		size += int(ev.Pos[i].Length) // of what may not be there yet: see Options.Brief
	}
	return size
}

// overBudget says that a rule could not be judged on an event: a value is so
// large that its patterns would have taken too long.
func (s *sink) overBudget(ev *parsers.Event, rule int) {
	r := s.rules.Set.Rules()[rule]
	s.stream.remarks.add(parsers.Remark{Code: "rule.budget", Gap: true, Pos: ev.Pos[ev.Decisive],
		Reason: fmt.Sprintf("rule %.120q was not judged in full on this record: a value is too large for its patterns", r.Title),
		Lift:   "look at the record by hand, or use a rule with plainer patterns"})
}

// reach is that of the current stream so far, without the hits that wait for
// an answer.
func (s *sink) reach() reach {
	r := newReach()
	for d := range s.tally.DetailsSeen() {
		if s.asked[d] {
			r.details[d] = true
		}
	}
	for rule := range s.stream.fired {
		r.matched[s.rules.Key(rule)] = true
	}
	clear(s.stream.fired)
	return r
}

// see notes when and where the events of a stream happened.
func (s *sink) see(ev *parsers.Event) {
	x := &s.stream
	if !ev.Time.IsZero() {
		x.first, x.last = finding.Earlier(x.first, ev.Time), finding.Later(x.last, ev.Time)
	}
	if listsTooMuch(ev) {
		s.longList(ev)
	}
	if x.host == "" {
		x.host = ev.Origin.Host
	}
	if x.cluster == "" {
		x.cluster = ev.Origin.Cluster
	}
}

// forFormat returns the matchers for the views of a format, made when first asked for.
func (s *sink) forFormat(f *parsers.Format) *matchers {
	if f == s.format {
		return s.formatMatchers
	}
	s.keepOnly(f)
	m := s.matchers[f]
	if m == nil {
		m = &matchers{byKind: s.rules.views(f), place: s.stream.place, limit: math.MaxInt}
		maps.Copy(s.asked, s.rules.asked(f))
		for _, k := range m.byKind {
			m.scratch = append(m.scratch, k.NewScratch())
			m.limit = min(m.limit, k.Alike())
		}
		s.matchers[f] = m
	}
	s.format, s.formatMatchers = f, m
	return m
}
