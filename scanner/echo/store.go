package echo

import (
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"time"

	"tideline/parsers"
	"tideline/scanner/finding"
	"tideline/scanner/identity"
	"tideline/scanner/item"
	"tideline/scanner/spill"
	"tideline/scanner/text"
)

const (
	// MaxTemplates bounds the hits whose repetitions are kept as echoes, and
	// maxNameless those that have no principal.
	MaxTemplates = 4096
	maxNameless  = 1024
	// maxTemplateBytes bounds what templates take together: who writes a log can make
	// the commands, or the groups, of each as long as they like.
	maxTemplateBytes = 8 << 20
	// maxPaths bounds the sources that echoes are of. An archive may have a million
	// members with a record each: what those of the others repeat is kept in full.
	maxPaths = 1 << 16
	// maxEchoes is how many echoes are held before they are written to a run.
	maxEchoes = 1 << 14
	// echoSize is the size of an echo in a run, in bytes.
	echoSize = 57
)

// An Echo is a hit like one that is kept in full: only the place and the time
// differ, and the evidence, which is kept aside where a report may come to quote
// it. It is what lets ten million hits of one noisy principal take the room of one,
// and it loses nothing that conclude looks at, so the report is the same as without.
type Echo struct {
	time     int64 // nanoseconds since 1970
	offset   int64
	line     int64
	length   int64
	request  uint64 // hash of the request's id; 0 if there is none
	quote    int64  // where the evidence is, if there may be need of it: see Own
	template uint32
	path     uint32
	stage    uint8 // index into stages
}

// echoTime is a time as echoes have it, in nanoseconds since 1970; false if it is
// none, or one before 1678 or after 2262: who writes a log can write any.
func echoTime(t time.Time) (at int64, ok bool) {
	at = t.UnixNano()
	return at, !t.IsZero() && time.Unix(0, at).Equal(t)
}

// At is the echo of a hit on ev, at the place of its decisive record, by the number that
// Stage gave of the stage of its request. False if echoes cannot tell that time.
func At(ev *parsers.Event, stage int) (Echo, bool) {
	when, ok := echoTime(ev.Time)
	pos := ev.Pos[ev.Decisive]
	return Echo{time: when, offset: pos.Offset, line: pos.Line, length: pos.Length, request: requestHashOf(ev.Request.ID), stage: uint8(stage)}, ok
}

var stages = [...]string{"", "RequestReceived", "ResponseStarted", "ResponseComplete", "Panic"}

// Stage is the number of a stage that echoes can be of; -1 if there are none of it.
func Stage(stage []byte) int { return slices.Index(stages[:], string(stage)) }

// A Store keeps the repetitions of up to MaxTemplates hits. The first occurrence
// of each, in the order of Hit.Compare, is always kept in full outside: reports
// quote it. What comes before the last stage of a request is no such occurrence: see
// Provisional. One goroutine uses it at a time.
type Store struct {
	byKey     map[parsers.TextKey]uint32
	templates []*finding.Hit // without evidence
	firsts    []*finding.Hit // of each template, the first seen so far, or nil; of it only what Compare looks at
	byPath    map[string]uint32
	paths     []string
	lastPath  uint32  // of the last echo
	nameless  int     // templates of acts without a principal
	bytes     int     // that templates take, estimated
	quotes    *quotes // of those acts
	held      []Echo
	runs      spill.Runs[Echo]
	count     int64
	key       []byte
}

// New returns an empty one, which whoever made it closes.
func New() *Store {
	e := &Store{byKey: map[parsers.TextKey]uint32{}, byPath: map[string]uint32{}, quotes: &quotes{}}
	e.runs = spill.Runs[Echo]{
		Compare: func(a, b *Echo) int { return e.compare(*a, *b) },
		Codec:   func() spill.Codec[Echo] { return new(echoCodec) },
	}
	return e
}

// Take keeps h if it repeats a hit that is kept in full; else the caller does.
// template is the one that h has, or became; -1 if it has none. An error is one of the
// disk, and then h is lost.
func (e *Store) Take(h *finding.Hit) (taken bool, template int, err error) {
	stage := slices.Index(stages[:], h.Stage)
	at, ok := echoTime(h.Time.Time)
	named := Own(h)
	if !ok || stage < 0 || !named && h.Request != "" {
		return false, -1, nil
	}
	key := e.keyOf(h)
	i, ok := e.byKey[key]
	if !ok {
		if e.full(named) {
			return false, -1, nil
		}
		i = uint32(len(e.templates))
		e.byKey[key] = i
		e.templates = append(e.templates, light(h))
		e.firsts = append(e.firsts, nil)
		e.bytes += item.HitSize(e.templates[i])
		if !Provisional(h) {
			e.firsts[i] = e.templates[i]
		}
		return false, int(i), nil
	}
	if e.leads(at, i) {
		if !Provisional(h) && (e.firsts[i] == nil || h.Compare(e.firsts[i]) < 0) {
			e.firsts[i] = light(h)
		}
		return false, int(i), nil
	}
	path, ok := e.pathOf(h.Source.Path)
	if !ok {
		return false, int(i), nil
	}
	x := Echo{
		time: at, offset: h.Source.Offset, line: h.Source.Line, length: h.Source.Length,
		request: RequestHash(h.Request), template: i, path: path, stage: uint8(stage),
	}
	if !named {
		if err := e.keepQuote(&x, h); err != nil {
			return true, int(i), err
		}
	}
	return true, int(i), e.hold(x)
}

// full reports whether there is no room for one more template, and takes it if there is.
func (e *Store) full(named bool) bool {
	if e.bytes >= maxTemplateBytes {
		return true
	}
	if named {
		return len(e.templates)-e.nameless >= MaxTemplates
	}
	if e.nameless >= maxNameless {
		return true
	}
	e.nameless++
	return false
}

// keepQuote keeps the evidence of h for its echo.
func (e *Store) keepQuote(x *Echo, h *finding.Hit) error {
	q, err := e.quotes.keep(h)
	x.quote = q.At
	return err
}

// Again keeps x (see At), at a place in path, as a repetition of each of templates; false
// if it is the first of one of them, and then it is kept as none.
func (e *Store) Again(templates []uint32, path string, x Echo) (bool, error) {
	for _, t := range templates {
		if e.leads(x.time, t) {
			return false, nil
		}
	}
	var ok bool
	if x.path, ok = e.pathOf(path); !ok {
		return false, nil
	}
	for _, t := range templates {
		x.template = t
		if err := e.hold(x); err != nil {
			return true, err
		}
	}
	return true, nil
}

// Quoted is again for one template of acts without a principal, whose evidence may be
// asked for: that of h.
func (e *Store) Quoted(template uint32, path string, x Echo, h *finding.Hit) (bool, error) {
	if e.leads(x.time, template) {
		return false, nil
	}
	var ok bool
	if x.path, ok = e.pathOf(path); !ok {
		return false, nil
	}
	x.template = template
	return true, errors.Join(e.keepQuote(&x, h), e.hold(x))
}

// leads reports whether a hit at a time, in nanoseconds since 1970, may be what a
// report quotes of a template: no other was earlier. Hits at the very time of the
// first are, since stages of one request are, and the last of them is quoted,
// whichever came here first.
func (e *Store) leads(at int64, template uint32) bool {
	first := e.firsts[template]
	return first == nil || at <= first.Time.UnixNano()
}

// Provisional reports whether a later stage of the request may say that the act of h
// was another: a command that was let in and failed all the same. Such a hit is told of
// that other act then (see stageJoiner), and not it but one of a later request is the
// first that is told of this.
func Provisional(h *finding.Hit) bool {
	switch h.Stage {
	case "RequestReceived", "ResponseStarted":
		return true
	case "": // of a damaged record, if it does not tell how the request ended either
		return h.Request != "" && h.Outcome == parsers.Unknown.String()
	}
	return false
}

// hold keeps an echo.
func (e *Store) hold(x Echo) error {
	if len(e.held) == cap(e.held) {
		e.held = append(make([]Echo, 0, min(max(1024, 2*len(e.held)), maxEchoes)), e.held...)
	}
	e.held = append(e.held, x)
	e.count++
	if len(e.held) < maxEchoes {
		return nil
	}
	return e.spill()
}

// Len is the number of echoes.
func (e *Store) Len() int64 { return e.count }

// Own reports whether the actor of h is its own in any case: acts without a
// principal may be given to whoever another log names, and then each of them
// may be the first of a finding and need its evidence.
func Own(h *finding.Hit) bool {
	switch kind := parsers.ActorKind(h.Actor.Kind); kind {
	case parsers.LinuxUser:
		return identity.LoggedIn(h)
	case parsers.ContainerProcess:
		return h.Command == ""
	default:
		return kind.Kubernetes()
	}
}

// light is h without its evidence.
func light(h *finding.Hit) *finding.Hit {
	c := *h
	c.Raw, c.RawBase64, c.RawCut, c.Matched = "", "", true, nil
	return &c
}

// keyOf stands for everything but place, time and evidence. Each text has its
// length in front: who writes a log can write whatever would part them.
func (e *Store) keyOf(h *finding.Hit) parsers.TextKey {
	k := e.key[:0]
	add := func(parts ...string) {
		for _, p := range parts {
			k = append(binary.AppendUvarint(k, uint64(len(p))), p...)
		}
	}
	count := func(n int) { k = binary.AppendVarint(k, int64(n)) }
	a, c := &h.Actor, &h.Container
	add(h.Rule, a.ID, a.Kind, a.Name, a.Impersonated, a.Session, a.Agent, h.Action, h.Target.Kind, h.Target.Namespace, h.Target.Name,
		h.Outcome, h.Host, h.Cluster, h.Command, h.Source.Format, h.Source.Envelope, c.ID, c.Name, c.Pod, c.Namespace, c.Image)
	count(len(a.Groups))
	add(a.Groups...)
	count(len(a.Addresses))
	add(a.Addresses...)
	count(len(h.Exposed))
	for _, x := range h.Exposed {
		add(x.Kind, x.Namespace, x.Name, x.Certainty)
	}
	count(len(h.Fields))
	for _, name := range text.Keys(h.Fields) {
		add(name)
		count(len(h.Fields[name]))
		add(h.Fields[name]...)
	}
	count(len(h.Adjust))
	for _, n := range h.Adjust {
		count(n)
	}
	count(h.Records)
	e.key = k
	return parsers.TextKeyOf(k)
}

// pathOf is the number of a path; false if there is no room for one more.
func (e *Store) pathOf(path string) (uint32, bool) {
	if int(e.lastPath) < len(e.paths) && e.paths[e.lastPath] == path {
		return e.lastPath, true
	}
	i, ok := e.byPath[path]
	if !ok {
		if len(e.paths) >= maxPaths {
			return 0, false
		}
		i = uint32(len(e.paths))
		e.byPath[path] = i
		e.paths = append(e.paths, path)
	}
	e.lastPath = i
	return i, true
}

// fill makes a hit of an echo.
func (e *Store) fill(x *Echo, h *finding.Hit) {
	*h = *e.templates[x.template]
	h.Like = e.templates[x.template]
	h.Time = finding.Time{Time: time.Unix(0, x.time).UTC()}
	h.Source.Path = e.paths[x.path]
	h.Source.Line, h.Source.Offset, h.Source.Length = x.line, x.offset, x.length
	h.Stage, h.Request = stages[x.stage], ""
	if !Own(h) {
		h.Quote = finding.Quote{In: e.quotes, At: x.quote}
	}
	if x.request != 0 {
		h.Request = requestText(x.request)
	}
}

// compare is the order of Hit.Compare.
func (e *Store) compare(a, b Echo) int {
	switch {
	case a.time < b.time:
		return -1
	case a.time > b.time:
		return 1
	case a.path != b.path:
		return strings.Compare(e.paths[a.path], e.paths[b.path])
	case a.offset < b.offset:
		return -1
	case a.offset > b.offset:
		return 1
	}
	return strings.Compare(e.templates[a.template].Rule, e.templates[b.template].Rule)
}

// Close frees the temporary files.
func (e *Store) Close() error {
	e.held = nil
	return errors.Join(e.runs.Close(), e.quotes.close())
}
