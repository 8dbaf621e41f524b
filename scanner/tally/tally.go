package tally

import (
	"time"

	"tideline/parsers"
	"tideline/scanner/principal"
	"tideline/scanner/text"
)

// A Tally counts the events of one sink without allocating for events like
// those seen before. It belongs to one goroutine; its Aggregates are merged
// when the source ends. Joined keys are kept as hashes: as texts they would take
// most of its memory.
type Tally struct {
	agg     *Aggregates
	rows    rows
	key     []byte
	scratch []byte
	format  *FormatStats

	formatName string
	minute     int64
	row        *MinuteRow
	details    map[string]*int64
	levels     map[string]*int64
	seen       map[string]bool              // details since they were last asked for
	names      map[parsers.TextKey]*NameRow // by joined key
	image      string                       // of the last event that had one
	imageRow   *NameRow                     // of image; nil: look it up
	host       string                       // of active
	folder     string                       // of active, where host is empty
	active     Activity                     // of the format and host of the last event
	marked     int64                        // the minute last marked in active

	nameBar   *standing // as rows.bar
	unfitName NameRow

	last Counters // of the last event
}

// New has counted nothing yet.
func New() *Tally {
	return &Tally{agg: NewAggregates(), rows: newRows(), details: map[string]*int64{}, levels: map[string]*int64{},
		seen: map[string]bool{}, names: map[parsers.TextKey]*NameRow{}}
}

// Add counts one event of format f. folder is what its log is called after if it names
// no host: see source.Place.
func (t *Tally) Add(f *parsers.Format, ev *parsers.Event, folder string) {
	if t.format == nil || t.formatName != f.Name {
		t.switchTo(f.Name)
	}
	t.format.Events++
	t.format.see(ev.Time)
	t.last = Counters{known: true, details: t.last.details[:0]}
	for i, d := range ev.Facts.Details {
		t.remember(bump(t.details, d))
		if i == 0 && ev.Facts.Actor.Kubernetes() && len(ev.Facts.Kind) > 0 { // the level; what follows is the cloud that it was sent through
			t.key = append(append(append(t.key[:0], ev.Facts.Kind...), ' '), d...)
			t.remember(bump(t.levels, t.key))
		}
	}
	if !ev.Time.IsZero() {
		t.count(ev, folder)
	}
	if countsOnce(ev) {
		t.principal(ev, folder)
		t.named(ev)
	}
}

// See notes that there is an event of format f, to be counted later.
func (t *Tally) See(f *parsers.Format, ev *parsers.Event) {
	if t.format == nil || t.formatName != f.Name {
		t.switchTo(f.Name)
	}
	t.format.see(ev.Time)
}

// named remembers the names of secrets and images. One that was asked for and not
// found is the name of nothing.
func (t *Tally) named(ev *parsers.Event) {
	f := &ev.Facts
	if len(f.Target) > 0 && string(f.Kind) == "secrets" && !(f.Outcome == parsers.Failed && string(f.Action) == "get") {
		t.last.name = t.name(secretName, f.Namespace, f.Target, ev.Time)
		t.last.strict = true // the next one may have another
	}
	if image := ev.Origin.Image; image != "" {
		if image == t.image && t.imageRow != nil {
			t.imageRow.see(ev.Time)
		} else {
			t.key = append(t.key[:0], image...)
			t.image, t.imageRow = image, t.name(imageName, nil, t.key, ev.Time)
		}
		t.last.image = t.imageRow
	}
}

// name counts a name and returns its row.
func (t *Tally) name(kind string, namespace, name []byte, at time.Time) *NameRow {
	k := append(t.scratch[:0], kind...)
	k = append(append(append(append(k, 0), namespace...), 0), name...)
	t.scratch = k
	id := parsers.TextKeyOf(k)
	row := t.names[id]
	if row == nil {
		key := NameKey{kind, text.Clean(namespace), text.Clean(name)}
		if t.nameBar != nil && standingOfName(&key).compare(*t.nameBar) > 0 {
			row = &t.unfitName
		} else {
			row = t.agg.name(key)
		}
		t.names[id] = row
	}
	row.see(at)
	return row
}

// countsOnce picks the one stage by which a request is counted: the last one,
// and the first of a failed authentication, which has no other (Kubernetes
// writes a single ResponseStarted event for a 401).
func countsOnce(ev *parsers.Event) bool {
	switch string(ev.Request.Stage) {
	case "RequestReceived":
		return false
	case "ResponseStarted":
		return ev.Facts.Outcome == parsers.Denied
	}
	return true
}

func (t *Tally) switchTo(name string) {
	t.flush()
	t.formatName, t.row, t.active = name, nil, nil
	t.format = t.agg.format(name)
}

// flush moves the counters kept by pointer into the statistics of the format.
func (t *Tally) flush() {
	if t.format == nil {
		return
	}
	t.flushDetails()
	move(t.format.Levels, t.levels)
}

func (t *Tally) flushDetails() {
	for d, n := range t.details {
		if *n > 0 {
			t.seen[d] = true
		}
	}
	move(t.format.Details, t.details)
}

// DetailsSeen returns the details of the events since it was called last.
func (t *Tally) DetailsSeen() map[string]bool {
	if t.format != nil {
		t.flushDetails()
	}
	seen := t.seen
	t.seen = map[string]bool{}
	return seen
}

// move empties the counters of src into dst. The counters stay:
// Counters point at them.
func move(dst map[string]int64, src map[string]*int64) {
	for k, n := range src {
		if *n > 0 {
			dst[k] += *n
			*n = 0
		}
	}
}

func bump(m map[string]*int64, key []byte) *int64 {
	n := m[string(key)]
	if n == nil {
		n = new(int64)
		m[text.Clean(key)] = n
	}
	*n++
	return n
}

// count enters an event into its minute, and the minute into those in which its log had
// events.
func (t *Tally) count(ev *parsers.Event, folder string) {
	minute := minuteOf(ev.Time)
	if t.row == nil || minute != t.minute {
		t.minute, t.row = minute, t.agg.minute(minute, t.formatName)
	}
	if t.active == nil || t.host != ev.Origin.Host || t.host == "" && t.folder != folder {
		log := logOf(t.formatName, ev.Origin.Host)
		if ev.Origin.Host == "" {
			log = namelessLog(t.formatName, folder)
		}
		t.host, t.folder, t.active, t.marked = ev.Origin.Host, folder, t.agg.activity(log), minute-1
	}
	if minute != t.marked {
		t.marked = minute
		t.active.see(ev.Time)
	}
	t.row.Events++
	if ev.Facts.Outcome == parsers.Denied {
		t.row.Denied++
	}
}

// principal counts the event under who did it from where with what.
func (t *Tally) principal(ev *parsers.Event, folder string) {
	f := &ev.Facts
	k := append(t.key[:0], f.Actor...)
	for _, part := range [...][]byte{f.Name, lastBytes(f.Addresses), f.Agent, f.Action, f.Kind} {
		k = append(append(k, 0), part...)
	}
	k = append(append(k, 0), principal.Place(ev, folder)...) // some ids are made of it: see principal.ID
	if f.Actor == parsers.ContainerProcess {
		k = append(append(k, 0), ev.Origin.Container.ID...)
		k = append(append(append(k, ev.Origin.Pod...), 0), ev.Origin.Container.Name...)
	}
	t.key = k
	row := t.rows.of(k, ev, folder)
	t.last.row = row
	row.see(ev.Time, f.Outcome)
}

// maxTallied is how many rows, names, minutes, logs and kinds of object a tally keeps itself. Beyond that it is
// taken: all sinks together count in one place, which has the limits.
const maxTallied = 8192

// Full reports whether it keeps as much: then it is to be handed over.
func (t *Tally) Full() bool {
	return len(t.rows.byKey)+len(t.names)+len(t.agg.Minutes)+len(t.agg.Active)+len(t.levels) >= maxTallied
}

// Take returns the aggregates; the tally is spent, or begins anew with Reset.
func (t *Tally) Take() *Aggregates {
	t.flush()
	t.format = nil
	t.rows.moveTo(t.agg)
	t.agg.Overflow += t.unfitName.Count
	t.unfitName = NameRow{}
	return t.agg
}

// HandTo is Take for one of many tallies that all are gathered, the rows without a
// stop at the aggregates of its own.
func (t *Tally) HandTo(all *Aggregates) {
	t.rows.moveTo(all)
	all.gather(t.Take())
	t.rows.bar, t.nameBar = all.bar, all.nameBar
}

// Reset forgets everything. The aggregates that were taken are its own again.
func (t *Tally) Reset() {
	a := t.agg
	clear(a.Formats)
	clear(a.Principals)
	clear(a.Minutes)
	clear(a.Active)
	clear(a.Names)
	a.Overflow = 0
	clear(t.names)
	clear(t.levels)
	t.format, t.row, t.active, t.imageRow = nil, nil, nil, nil
}

func lastBytes(list [][]byte) []byte {
	if len(list) == 0 {
		return nil
	}
	return list[len(list)-1]
}
