package kubehttp

import "time"

// maxLatency is the longest that a request may have taken for its beginning to be
// told from its end; a watch lasts ten minutes, a shell some days.
const maxLatency = 30 * 24 * time.Hour

// begun is when the request came in, as the audit log tells time: the time of the line,
// which was written when the request was done, less what it took. It is zero if the
// line's time is not known, or what the request took was cut off.
func (a *access) begun(envelope time.Time) time.Time {
	at := a.written(envelope)
	if at.IsZero() || a.latencyCut {
		return time.Time{}
	}
	took, ok := duration(a.latency)
	if !ok || took > maxLatency {
		return at
	}
	return at.Add(-took)
}

// written is when the line was written. The head of klog has neither year nor zone,
// so without an envelope that has them there is no time; with one, the head still
// tells second and microsecond exactly, in any zone.
func (a *access) written(envelope time.Time) time.Time {
	switch {
	case !a.ts.IsZero():
		return a.ts
	case envelope.IsZero():
		return time.Time{}
	}
	envelope = envelope.UTC()
	within, ok := withinMinute(a.stamp)
	if !ok {
		return envelope
	}
	at := envelope.Truncate(time.Minute).Add(within)
	switch ahead := at.Sub(envelope); {
	case ahead > 30*time.Second:
		at = at.Add(-time.Minute)
	case ahead < -30*time.Second:
		at = at.Add(time.Minute)
	}
	if at.Sub(envelope) > time.Second { // nobody wraps a line before it is written
		return envelope
	}
	return at
}

// withinMinute is second and fraction of "0607 10:01:02.123456".
func withinMinute(stamp []byte) (time.Duration, bool) {
	if len(stamp) != len("0607 10:01:02.123456") || stamp[10] != ':' || stamp[13] != '.' {
		return 0, false
	}
	second, ok := number(stamp[11:13])
	micros, fine := number(stamp[14:])
	if !ok || !fine || second > 59 {
		return 0, false
	}
	return time.Duration(second)*time.Second + time.Duration(micros)*time.Microsecond, true
}

// duration reads a duration that is not negative, as time.Duration prints it: "1h2m3.5s",
// "985.3µs", "0s". time.ParseDuration allocates.
func duration(b []byte) (sum time.Duration, ok bool) {
	for len(b) > 0 {
		n := 0
		for n < len(b) && (b[n] >= '0' && b[n] <= '9' || b[n] == '.') {
			n++
		}
		unit, length := unitOf(b[n:])
		v, fine := decimal(b[:n], unit)
		if sum += v; !fine || sum > maxLatency {
			return 0, false
		}
		b, ok = b[n+length:], true
	}
	return sum, ok
}

// unitOf is the unit that b begins with, and the length of its name; zero if it is none.
func unitOf(b []byte) (unit time.Duration, length int) {
	for length < len(b) && (b[length] < '0' || b[length] > '9') {
		length++
	}
	switch string(b[:length]) {
	case "h":
		unit = time.Hour
	case "m":
		unit = time.Minute
	case "s":
		unit = time.Second
	case "ms":
		unit = time.Millisecond
	case "us", "\u00b5s", "\u03bcs":
		unit = time.Microsecond
	case "ns":
		unit = time.Nanosecond
	}
	return unit, length
}

// decimal is a number of units, with a fraction or without.
func decimal(b []byte, unit time.Duration) (time.Duration, bool) {
	if len(b) == 0 || len(b) > 24 || unit == 0 {
		return 0, false
	}
	v, scale := time.Duration(0), time.Duration(0)
	for _, c := range b {
		switch {
		case c == '.' && scale == 0:
			scale = unit
		case c == '.' || v > maxLatency:
			return 0, false
		case scale > 0:
			scale /= 10
			v += time.Duration(c-'0') * scale
		default:
			v = 10*v + time.Duration(c-'0')*unit
		}
	}
	return v, true
}
