package dockerevents

import (
	"encoding/json"
	"fmt"
	"time"
)

// A wireCarry is what a decoder knows at the end of a stream.
type wireCarry struct {
	Probes map[uint64]wireProbe `json:"probes"`
	Lives  lives                `json:"lives"`
	Execs  execs                `json:"execs"`
}

// wireProbe is a probe at the end of a stream.
type wireProbe struct {
	Last  time.Time     `json:"last"`
	Every time.Duration `json:"every"`
	Times int           `json:"times"`
}

// Carry implements parsers.Carrier: the rhythms that tell health checks, and which
// containers run, and what is to start in them.
func (d *decoder) Carry() ([]byte, bool) {
	w := wireCarry{map[uint64]wireProbe{}, d.lives, d.execs}
	for key, p := range d.probes {
		w.Probes[key] = wireProbe{p.last, p.every, p.times}
	}
	b, err := json.Marshal(w)
	return b, err == nil
}

// Resume implements parsers.Carrier.
func (d *decoder) Resume(b []byte) error {
	var w wireCarry
	if err := json.Unmarshal(b, &w); err != nil {
		return fmt.Errorf("dockerevents: what the stream before knew: %w", err)
	}
	for key, p := range w.Probes {
		if len(d.probes) < maxProbes {
			d.probes[key] = probe{last: p.Last, every: p.Every, times: p.Times}
		}
	}
	for key, since := range w.Lives {
		if len(d.lives) < maxLives {
			d.lives[key] = since
		}
	}
	for key, left := range w.Execs {
		if len(d.execs) < maxExecs {
			d.execs[key] = left
		}
	}
	return nil
}
