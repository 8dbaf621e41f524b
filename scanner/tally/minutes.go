package tally

import (
	"encoding/json"
	"maps"
	"slices"
)

// A Minute is the events of one minute, by format. There are tens of thousands
// of them, mostly with one format or two, so they are no map.
type Minute []*MinuteRow

// A MinuteRow counts the events of one minute and format.
type MinuteRow struct {
	Events int64  `json:"events"`
	Denied int64  `json:"denied"`
	Format string `json:"-"`
}

// minute returns the row of a minute and format, a new one if need be.
func (a *Aggregates) minute(minute int64, format string) *MinuteRow {
	for _, r := range a.Minutes[minute] {
		if r.Format == format {
			return r
		}
	}
	r := &MinuteRow{Format: format}
	a.Minutes[minute] = append(a.Minutes[minute], r)
	return r
}

// addMinutes adds the minutes of o to those of a, as wide as the wider ones.
func (a *Aggregates) addMinutes(o *Aggregates) {
	if o.Step > a.Step {
		a.widen(o.Step)
	}
	for minute, rows := range o.Minutes {
		if a.Step > 1 {
			minute = floor(minute, a.Step)
		}
		for _, row := range rows {
			r := a.minute(minute, row.Format)
			r.Events += row.Events
			r.Denied += row.Denied
		}
	}
}

// widen joins minutes to spans of step minutes, named by their first one.
func (a *Aggregates) widen(step int64) {
	old := &Aggregates{Minutes: a.Minutes}
	a.Minutes, a.Step = make(map[int64]Minute), step
	a.addMinutes(old)
}

// MarshalJSON writes an object, its keys the formats.
func (m Minute) MarshalJSON() ([]byte, error) {
	rows := make(map[string]*MinuteRow, len(m))
	for _, r := range m {
		rows[r.Format] = r
	}
	return json.Marshal(rows)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (m *Minute) UnmarshalJSON(b []byte) error {
	var rows map[string]*MinuteRow
	if err := json.Unmarshal(b, &rows); err != nil {
		return err
	}
	*m = slices.Grow((*m)[:0], len(rows))
	for _, format := range slices.Sorted(maps.Keys(rows)) {
		if r := rows[format]; r != nil {
			r.Format = format
			*m = append(*m, r)
		}
	}
	return nil
}
