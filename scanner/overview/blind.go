package overview

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tideline/scanner/finding"
	"tideline/scanner/ruleset"
	"tideline/scanner/score"
	"tideline/scanner/sigma"
	"tideline/scanner/text"
)

// absent says, for a log that was not in the evidence, what left no trace and
// how to have it next time. A part of the source that is empty fits any.
var absent = []struct {
	source sigma.LogSource
	text   string
}{
	{sigma.LogSource{Product: "kubernetes", Service: "httplog"},
		"No access lines of kubelets (klog at -v=3): who called a kubelet directly leaves no other trace"},
	{sigma.LogSource{Product: "kubernetes"},
		"No audit log of the Kubernetes API server: nobody who read Secrets, entered pods or asked for tokens through it can be seen"},
	{sigma.LogSource{Product: "docker", Service: "dockerd"},
		`No dockerd log at debug level: docker inspect, docker logs and docker cp through the API leave no trace (set "debug": true in daemon.json)`},
	{sigma.LogSource{Product: "docker", Service: "events"},
		"No Docker events: containers that were created, entered and destroyed leave no trace"},
	{sigma.LogSource{Product: "docker", Service: "inspect"},
		"No docker inspect output: the environment and the mounts of containers cannot be examined"},
	{sigma.LogSource{Product: "docker"}, "No Docker log: containers that were created, entered and destroyed leave no trace"},
	{sigma.LogSource{Product: "container"},
		"No output of containers: requests that read a token through a web application, and credentials printed to a log, cannot be seen"},
	{sigma.LogSource{Product: "linux"},
		"No Linux audit log: commands on the hosts, and the credential files they opened, cannot be seen"},
}

// lacking says what is missing where a log was there and told too little, by
// one of the details that its events did not have.
var lacking = map[string]string{
	"RequestResponse": "The Kubernetes audit log holds no answers (level RequestResponse): which secrets and tokens were handed out is known by their requests only",
	"Request":         "The Kubernetes audit log holds no bodies of requests (level Request): what was created, with which mounts and rights, cannot be seen",
	"an audit event":  "The access lines of Kubernetes components name no user, and hold nothing that was sent or answered: only the audit log of the API server does",
	"debug":           `The dockerd log is not at debug level: docker inspect, docker logs and docker cp through the API leave no trace (set "debug": true in daemon.json)`,
	"EXECVE":          "The Linux audit log has no EXECVE records: commands and their arguments cannot be seen",
	"SYSCALL":         "The Linux audit log has no SYSCALL records: who ran what cannot be seen",
	"PATH":            "The Linux audit log has no PATH records: which files were opened cannot be seen",
	"SOCKADDR":        "The Linux audit log has no SOCKADDR records: connections, to the container runtime's socket among others, cannot be seen",
	"a name look-up, which no audit record is": "The Linux audit log has addresses and no names of hosts",
	"CONTAINER_INFO": "The Linux audit log does not name containers: what ran in which container is known by its process tree only",
	"USER_CMD":       "The Linux audit log has no command of sudo (USER_CMD)",
}

// A cause is why a rule could not fire.
type cause struct {
	source  sigma.LogSource
	known   bool     // a format that can be read has this source
	present bool     // and there were events of it
	field   string   // that no event could have had
	needs   []string // details of which it needs one
}

// sentence says what a responder could not see.
func (w *cause) sentence() string {
	switch {
	case !w.known:
		return "Rules for logs that tideline does not read (" + w.source.Name() + ") did not run"
	case !w.present:
		for _, a := range absent {
			if w.source.Contains(a.source) || a.source.Contains(w.source) {
				return a.text
			}
		}
		return "No events of log source " + w.source.Name()
	}
	for _, detail := range w.needs {
		if text := lacking[detail]; text != "" {
			return text
		}
	}
	what := w.field
	if what == "" {
		what = "log source " + w.source.Name()
	}
	return fmt.Sprintf("No record has %s, without which %s is never there", strings.Join(w.needs, " or "), what)
}

// reason says the same for one rule.
func (w *cause) reason() string {
	switch {
	case !w.known:
		return fmt.Sprintf("no format that can be read has the log source %s", w.source.Name())
	case !w.present:
		return fmt.Sprintf("no events of log source %s in the evidence", w.source.Name())
	}
	needs := strings.Join(w.needs, " or ")
	if w.field == "" {
		return fmt.Sprintf("log source %s needs %s, and none was in the evidence", w.source.Name(), needs)
	}
	return fmt.Sprintf("field %s needs %s, and none was in the evidence", w.field, needs)
}

// A spot is a blind spot in the making.
type spot struct {
	text   string
	names  []string // of the logs that are blind, if others are not
	rules  int
	weight int // the levels of its rules
}

// compareSpots puts the most important first.
func compareSpots(a, b *spot) int {
	return cmp.Or(cmp.Compare(b.weight, a.weight), strings.Compare(a.text, b.text))
}

// spots groups the rules that have a cause why they could not fire by what a responder
// could not see, in words.
func (ev *Evidence) spots(why func(*sigma.Rule) *cause) map[string]*spot {
	out := map[string]*spot{}
	for _, i := range ev.Rules.Rules() {
		r := ev.Rules.Set.Rules()[i]
		because := why(r)
		if because == nil {
			continue
		}
		text := because.sentence()
		if out[text] == nil {
			out[text] = &spot{text: text}
		}
		out[text].rules++
		out[text].weight += score.Weight(ruleset.LevelOf(r.Level))
	}
	return out
}

// blindSpots are those of the rules that could not fire on any of the evidence.
func (ev *Evidence) blindSpots() []string {
	out := []string{}
	for _, s := range slices.SortedFunc(maps.Values(ev.spots(ev.blind)), compareSpots) {
		out = append(out, fmt.Sprintf("%s (%s blind).", s.text, counted(int64(s.rules), "rule")))
	}
	return out
}

// thin names what the logs that were there do not reach: objects that an audit
// policy left out, and times before the first and after the last event.
func (ev *Evidence) thin() []string {
	var out []string
	for _, name := range text.Keys(ev.Aggregates.Formats) {
		s := ev.Aggregates.Formats[name]
		if len(s.Levels) > 0 && !about(s.Levels, "secrets") {
			out = append(out, fmt.Sprintf("Not one of %d events of %s is about Secrets: the audit policy may leave them out, and then reading them leaves no trace.", s.Events, name))
		}
	}
	if n := ev.Aggregates.ChangesOnly(); n > 0 {
		out = append(out, fmt.Sprintf("Not one of %d requests to the Kubernetes API reads anything: logs like kube-audit-admin of AKS and Admin Activity of Google Cloud hold changes only, and reading Secrets leaves no trace in them.", n))
	}
	return append(append(out, ev.mute()...), ev.short()...)
}

// cloudEntry is the detail of an audit event that Google Cloud wrote as an entry of its own.
const cloudEntry = "a Cloud Logging entry"

// mute names the formats whose events tell that somebody ran a command in a pod, and not
// which: entries of Google Cloud come without the query of a request, where it stands. The
// audit levels count by kind of object for all of a format, so that a log of another
// origin beside them leaves the number unknown.
func (ev *Evidence) mute() []string {
	var out []string
	for _, name := range text.Keys(ev.Aggregates.Formats) {
		s := ev.Aggregates.Formats[name]
		entries, execs := s.Details[cloudEntry], int64(0)
		for k, n := range s.Levels {
			if strings.HasPrefix(k, "pods/exec ") {
				execs += n
			}
		}
		if entries == 0 || execs == 0 {
			continue
		}
		which := fmt.Sprintf("%d events of %s are about execs into pods and do not tell their commands", execs, name)
		switch {
		case entries < s.Events:
			which = fmt.Sprintf("Of %d events of %s about execs into pods, those from Google Cloud do not tell their commands", execs, name)
		case execs == 1:
			which = fmt.Sprintf("One event of %s is about an exec into a pod and does not tell its command", name)
		}
		out = append(out, which+": its audit log leaves out the query of a request, and what was run is known to the hosts and containers only.")
	}
	return out
}

// about reports whether one of the keys "kind detail" is of a kind.
func about(levels map[string]int64, kind string) bool {
	for k := range levels {
		if strings.HasPrefix(k, kind+" ") {
			return true
		}
	}
	return false
}

// shortSpan is the least span of all evidence for which one log's shorter span
// is worth a word.
const shortSpan = 4 * time.Hour

// short names the formats that reach over less than half of the time that the
// evidence does.
func (ev *Evidence) short() []string {
	var first, last finding.Time
	for _, s := range ev.Aggregates.Formats {
		first.Time, last.Time = finding.Earlier(first.Time, s.First.Time), finding.Later(last.Time, s.Last.Time)
	}
	all := last.Sub(first.Time)
	if all < shortSpan {
		return nil
	}
	var out []string
	for _, name := range text.Keys(ev.Aggregates.Formats) {
		s := ev.Aggregates.Formats[name]
		if s.First.IsZero() || s.Last.Sub(s.First.Time) >= all/2 {
			continue
		}
		const stamp = "2006-01-02 15:04"
		out = append(out, fmt.Sprintf("The evidence reaches from %s to %s, but events of %s only from %s to %s UTC.",
			first.Format(stamp), last.Format(stamp), name, s.First.Format(stamp), s.Last.Format(stamp)))
	}
	return out
}
