package scanner

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"tideline/parsers"
	"tideline/scanner/echo"
	"tideline/scanner/finding"
	"tideline/scanner/ledger"
	"tideline/scanner/pending"
	"tideline/scanner/ruleset"
	"tideline/scanner/sigma"
	"tideline/scanner/source"
	"tideline/scanner/tally"
	"tideline/scanner/text"
)

// A sink takes the events of streams on one goroutine: it counts them, runs
// the rules over them and keeps what matched. Scratch space and matchers are
// kept from stream to stream, so a boring event allocates nothing.
type sink struct {
	rules    *ruleset.Ruleset
	kits     *kits
	held     map[*parsers.Format]*kit
	format   *parsers.Format // of the last event
	kit      *kit            // of format
	partial  *hitBuffer
	tally    *tally.Tally
	texts    *text.Recent
	repeater repeater
	asked    map[string]bool // the details that matter to coverage, of the formats met so far
	stream   openStream
	event    judged
}

// An openStream is the one that a sink takes events of.
type openStream struct {
	number        int    // that no other has
	path          string // of it
	place         string // what actors without a host are named after: the same before and after a rotation
	host, cluster string
	first, last   time.Time
	remarks       ledger.Remarks
	fired         map[int]bool // rules that matched

	pending *pending.Hits    // hits whose outcome is awaited, shared with the other sinks that read it
	answers []pending.Answer // that pending is not told yet
	key     []byte           // scratch: of a request
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

func newSink(k *kits, out *hitBuffer) *sink {
	return &sink{rules: k.rules, kits: k, held: map[*parsers.Format]*kit{}, partial: out, tally: tally.New(), texts: text.NewRecent(),
		asked: map[string]bool{}, stream: openStream{fired: map[int]bool{}, key: make([]byte, 0, 128)}}
}

// start prepares for a stream.
func (s *sink) start(path string, p *pending.Hits) {
	before := &s.stream
	s.stream = openStream{number: s.kits.number(), path: path, place: source.Place(path), pending: p,
		fired: before.fired, answers: before.answers, key: before.key}
	s.format = nil
	if s.kits.short() && !s.kits.drop() {
		s.forget()
	}
}

// Take implements parsers.Spares.
func (s *sink) Take(f *parsers.Format) parsers.Decoder {
	k := s.hold(f)
	d := k.decoder
	k.serve(s.stream.number, s.stream.place, d)
	return d
}

// Keep implements parsers.Spares.
func (s *sink) Keep(f *parsers.Format, d parsers.Decoder) { s.hold(f).decoder = d }

// hold returns the kit for a format. When it has to be taken, those that the stream
// had no use for are given back: files of one format mostly follow one another.
func (s *sink) hold(f *parsers.Format) *kit {
	k := s.held[f]
	if k == nil {
		for _, other := range s.held {
			if other.stream != s.stream.number {
				s.giveBack(other)
			}
		}
		k = s.kits.take(f)
		s.held[f] = k
		maps.Copy(s.asked, s.rules.Asked(f))
	}
	return k
}

func (s *sink) giveBack(k *kit) {
	delete(s.held, k.format)
	s.kits.give(k)
}

// rest gives all kits back: there are no more streams for a while.
func (s *sink) rest() {
	for _, k := range s.held {
		s.giveBack(k)
	}
	s.format = nil
}

// begin makes the next streams count, and their hits be kept, elsewhere.
func (s *sink) begin(out *hitBuffer) {
	s.partial, s.tally = out, tally.New()
	for _, k := range s.held {
		k.alike = nil // it says where in the tally before was counted
	}
}

// forget gives up what was found out about events of all formats, of which the next
// stream has but one.
func (s *sink) forget() {
	for _, k := range s.held {
		k.decoder = nil
		for _, sc := range k.scratch {
			sc.Forget()
		}
	}
}

// Remark implements parsers.Sink.
func (s *sink) Remark(r parsers.Remark) { s.stream.remarks.Add(r) }

// Event implements parsers.Sink.
func (s *sink) Event(f *parsers.Format, ev *parsers.Event) error {
	s.see(ev)
	if ev.Parted != nil {
		s.tally.See(f, ev)
		return s.partial.addParted(newParted(f, s.stream.path, ev))
	}
	if pending.IsAnswer(ev) {
		s.stream.pending.Settle(ev, s.stream.key[:0], &s.stream.answers)
	}
	k := s.forFormat(f)
	if r := k.alike.of(ev); r != nil && rawSize(ev) <= k.limit && (r.hits == nil || r.stream == s.stream.number) {
		if again, err := s.again(ev, r); again || err != nil {
			if s.tally.Again(f, ev, s.stream.place, &r.counters); s.tally.Full() {
				s.handOver()
			}
			return err
		}
	}
	s.tally.Add(f, ev, s.stream.place)
	plain, err := s.judge(f, ev, k)
	came := likeness{counters: s.tally.Last(), stream: s.stream.number}
	if came.strict = came.counters.Strict() || len(s.event.hits) > 0; came.strict {
		ev.Like.Loose = false
	}
	if plain && ev.Like.Number > 0 && len(s.event.templates) > 0 {
		hits := slices.Clone(s.event.templates)
		came.hits, came.stage = &hits, uint8(echo.Stage(ev.Request.Stage))
	}
	k.alike.learn(ev, plain, came)
	if s.tally.Full() {
		s.handOver()
	}
	return err
}

// handOver gives the statistics to those of all sinks.
func (s *sink) handOver() {
	s.partial.merge(s.tally)
	s.tally.Reset()
	for _, k := range s.held {
		k.alike.setAdrift()
	}
}

// judge runs the rules over an event. It is plain if each hit has a template,
// of which there is a list then.
func (s *sink) judge(f *parsers.Format, ev *parsers.Event, k *kit) (plain bool, err error) {
	plain = true
	s.event.hits, s.event.templates = s.event.hits[:0], s.event.templates[:0]
	s.event.evidence = evidence{}
	size := rawSize(ev)
	for i := range ev.Views {
		v := &ev.Views[i]
		if v.Kind >= len(k.byKind) || len(k.byKind[v.Kind].Rules()) == 0 {
			continue // nobody looks at such views, or the format did not declare them
		}
		s.event.matched = k.byKind[v.Kind].MatchAlike(s.event.matched[:0], v.Fields, size, akin(ev, i), k.scratch[v.Kind])
		plain = plain && !k.scratch[v.Kind].Unsettled() && !(ev.Akin > 0 && k.scratch[v.Kind].Varied())
		for _, rule := range k.scratch[v.Kind].OverBudget() {
			plain = false
			s.overBudget(ev, rule)
		}
		for _, rule := range s.event.matched {
			if slices.Contains(s.event.hits, rule) {
				continue // a hit is rule x event, however many views show it
			}
			s.event.hits = append(s.event.hits, rule)
			plain = plain && !(ev.Akin > 0 && s.rules.MadeOf(rule).Differs(v.Varies))
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
	s.stream.remarks.Add(parsers.Remark{Code: "rule.budget", Gap: true, Pos: ev.Pos[ev.Decisive],
		Reason: fmt.Sprintf("rule %.120q was not judged in full on this record: a value is too large for its patterns", r.Title),
		Lift:   "look at the record by hand, or use a rule with plainer patterns"})
}

// reach is that of the current stream so far, without the hits that wait for
// an answer.
func (s *sink) reach() ledger.Reach {
	r := ledger.NewReach()
	for d := range s.tally.DetailsSeen() {
		if s.asked[d] {
			r.Details[d] = true
		}
	}
	for rule := range s.stream.fired {
		r.Matched[s.rules.Key(rule)] = true
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

// forFormat returns the kit for events of a format.
func (s *sink) forFormat(f *parsers.Format) *kit {
	if f == s.format {
		return s.kit
	}
	k := s.hold(f)
	if k.stream != s.stream.number {
		k.serve(s.stream.number, s.stream.place, nil) // nobody took its decoder
	}
	s.format, s.kit = f, k
	return k
}
