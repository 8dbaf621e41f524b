package tally

import (
	"strings"

	"tideline/parsers"
	"tideline/scanner/principal"
	"tideline/scanner/text"
)

// rows are the rows of principals that a tally keeps itself until they are
// handed over. They lie in rooms that are used again, and have their texts in common:
// in a log where every event brings a new row, only a new text allocates.
type rows struct {
	byKey map[parsers.TextKey]*PrincipalRow // by joined key
	rooms [][]keyedRow
	used  int

	bar   *standing    // what the others have no room for for certain: see Aggregates
	unfit PrincipalRow // the one row of all those

	texts map[string]string
}

type keyedRow struct {
	key PrincipalKey
	row PrincipalRow
}

const (
	rowRoom = 256
	// maxTexts is how many texts of rows are kept for those to come, and
	// maxSharedText how long one may be.
	maxTexts      = 1 << 14
	maxSharedText = 256
)

func newRows() rows {
	return rows{byKey: map[parsers.TextKey]*PrincipalRow{}, texts: map[string]string{}}
}

// of returns the row that an event is counted in; joined is what tells rows apart.
func (t *rows) of(joined []byte, ev *parsers.Event, folder string) *PrincipalRow {
	id := parsers.TextKeyOf(joined)
	row := t.byKey[id]
	if row == nil {
		row = t.add(t.keyOf(ev, folder))
		t.byKey[id] = row
	}
	return row
}

// add makes the row of a key, if there is room for it in the end.
func (t *rows) add(key PrincipalKey) *PrincipalRow {
	if t.bar != nil && standingOf(&key).compare(*t.bar) > 0 {
		return &t.unfit
	}
	if t.used == len(t.rooms)*rowRoom {
		t.rooms = append(t.rooms, make([]keyedRow, rowRoom))
	}
	r := &t.rooms[t.used/rowRoom][t.used%rowRoom]
	*r = keyedRow{key: key}
	t.used++
	return &r.row
}

// keyOf is what the row of an event is told apart by.
func (t *rows) keyOf(ev *parsers.Event, folder string) PrincipalKey {
	f := &ev.Facts
	name, address := t.text(f.Name), t.text(lastBytes(f.Addresses))
	id := principal.ID(f.Actor, name, address, principal.Place(ev, folder), &ev.Origin)
	return PrincipalKey{t.one(id), address, t.text(f.Agent), t.text(f.Action), t.text(f.Kind)}
}

// text is text.Clean, as the one string that rows share.
func (t *rows) text(b []byte) string {
	if same, ok := t.texts[string(b)]; ok {
		return same
	}
	clean := text.Clean(b)
	if len(b) <= maxSharedText {
		t.texts[string(b)] = clean
	}
	return clean
}

// one returns the one string of its text that rows share.
func (t *rows) one(text string) string {
	if same, ok := t.texts[text]; ok {
		return same
	}
	text = strings.Clone(text) // it may be part of a longer one
	if len(text) <= maxSharedText {
		t.texts[text] = text
	}
	return text
}

// moveTo adds the rows to a, and leaves none.
func (t *rows) moveTo(a *Aggregates) {
	for i := range t.used {
		r := &t.rooms[i/rowRoom][i%rowRoom]
		a.count(r.key, &r.row)
		*r = keyedRow{}
	}
	a.Overflow += t.unfit.events()
	t.used, t.unfit = 0, PrincipalRow{}
	clear(t.byKey)
	if len(t.texts) > maxTexts {
		clear(t.texts)
	}
}
