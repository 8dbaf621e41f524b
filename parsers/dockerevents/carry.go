package dockerevents

import (
	"encoding/json"
	"fmt"
	"time"
)

// wireProbe is a probe at the end of a stream.
type wireProbe struct {
	Last  time.Time     `json:"last"`
	Every time.Duration `json:"every"`
	Times int           `json:"times"`
}

// Carry implements parsers.Carrier: the rhythms that tell health checks.
func (d *decoder) Carry() ([]byte, bool) {
	w := map[uint64]wireProbe{}
	for key, p := range d.probes {
		w[key] = wireProbe{p.last, p.every, p.times}
	}
	b, err := json.Marshal(w)
	return b, err == nil
}

// Resume implements parsers.Carrier.
func (d *decoder) Resume(b []byte) error {
	var w map[uint64]wireProbe
	if err := json.Unmarshal(b, &w); err != nil {
		return fmt.Errorf("dockerevents: what the stream before knew: %w", err)
	}
	for key, p := range w {
		if len(d.probes) < maxProbes {
			d.probes[key] = probe{last: p.Last, every: p.Every, times: p.Times}
		}
	}
	return nil
}
