package identity

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"tideline/parsers"
	"tideline/scanner/finding"
	"tideline/scanner/principal"
	"tideline/scanner/text"
)

// JoinWindow is how long after a client's command its request may reach the
// daemon, or its process start in the container, to be told as one act.
const JoinWindow = 3 * time.Second

// namedActs join what several logs tell of one act. Docker names no client,
// a process in a container no person, and a kubelet nobody but the API server; the log that
// does is a command on the same host, or an exec through the API server, moments before. Acts come
// in event-time order.
type namedActs struct {
	seen   []namedAct // within JoinWindow of now, the latest MaxNamedActs
	lost   time.Time  // of the last one that there was no room for
	unsure int64      // nameless acts that were given to nobody for that reason

	given []finding.Exposed // by what the last match found
}

// named is what h exposed, in the words of the acts that the last match found: "a
// token" that a process in a container read is that of the pod which the API server
// was told to run it in.
func (a *namedActs) named(h *finding.Hit) []finding.Exposed {
	var out []finding.Exposed
	for i, e := range h.Exposed {
		if e.Name != "*" || e.Namespace != "" {
			continue
		}
		for _, g := range a.given {
			if g.Kind == e.Kind && g.Name != "*" {
				if out == nil {
					out = slices.Clone(h.Exposed)
				}
				out[i].Namespace, out[i].Name = g.Namespace, g.Name
			}
		}
	}
	if out == nil {
		return h.Exposed
	}
	return out
}

// MaxNamedActs bounds the acts that each nameless one is held against. A host where
// more happen within JoinWindow is a machine's, or somebody writes logs to annoy:
// who else may have done it is not known any more, so it is said of nobody.
const MaxNamedActs = 1024

// A namedAct is an act with a principal, that a nameless act may belong to.
type namedAct struct {
	Time    time.Time         `json:"time"`
	Actor   finding.ActorRef  `json:"actor"`
	Host    string            `json:"host,omitempty"`
	Exec    bool              `json:"exec,omitempty"` // the command was run in a container
	client  *bool             // whether the command is that of a runtime's client; nil until it is asked
	Pod     string            `json:"pod,omitempty"` // of an exec through the API server
	NS      string            `json:"ns,omitempty"`
	Command string            `json:"command"`
	Exposed []finding.Exposed `json:"exposed,omitempty"`
}

// resolve returns the link by which the nameless act h belongs to an actor, and
// that actor; nil if h has a principal of its own, or if no named act or more
// than one actor fits.
func (a *namedActs) resolve(h *finding.Hit) (*finding.ActorRef, *finding.Link) {
	a.forget(h.Time.Time)
	switch parsers.ActorKind(h.Actor.Kind) {
	case parsers.DockerClient:
		return a.match(h, func(x *namedAct) string { return cmp.Or(x.askedDaemon(h), x.started(h)) })
	case parsers.ContainerProcess:
		return a.match(h, func(x *namedAct) string { return cmp.Or(x.started(h), x.told(h)) })
	case parsers.KubernetesClient:
		return a.match(h, func(x *namedAct) string { return x.passedOn(h) })
	case parsers.LinuxUser:
		if !LoggedIn(h) {
			return a.match(h, func(x *namedAct) string { return cmp.Or(x.started(h), x.told(h)) })
		}
	}
	return nil, nil
}

// LoggedIn reports whether a process on a host belongs to a login: the kernel
// then knows its login uid, and gave it a session with it. Others were started by a
// daemon, a container's among them. Where auditd wrote down who the uid is
// (log_format = ENRICHED), the name alone does not tell the one from the other.
func LoggedIn(h *finding.Hit) bool {
	return strings.HasPrefix(h.Actor.Name, "auid=") || h.Actor.Session != "" && !strings.HasPrefix(h.Actor.Name, "uid=")
}

// match finds the one actor for which fits gives a reason. What its log calls by
// name is what h calls all there is.
func (a *namedActs) match(h *finding.Hit, fits func(*namedAct) string) (*finding.ActorRef, *finding.Link) {
	a.given = a.given[:0]
	if !a.lost.IsZero() && h.Time.Sub(a.lost) <= JoinWindow {
		a.unsure++
		return nil, nil
	}
	var found *namedAct
	var why string
	for i := range a.seen {
		x := &a.seen[i]
		reason := fits(x)
		if reason == "" {
			continue
		}
		if found != nil && found.Actor.ID != x.Actor.ID {
			return nil, nil
		}
		found, why = x, reason
		a.given = append(a.given, x.Exposed...)
	}
	if found == nil {
		return nil, nil
	}
	actor := found.Actor
	return &actor, &finding.Link{Actor: h.Actor.ID, Why: why, Certainty: "likely"}
}

// askedDaemon says why x may be the client of the daemon's event h: a runtime's
// client ran on the same host just before, and named the container if the
// event is about one.
func (x *namedAct) askedDaemon(h *finding.Hit) string {
	if x.Host == "" || x.Host != hostOf(h) || !x.runsClient() {
		return ""
	}
	names := calls(x.Command, h.Container.Name) || len(h.Container.ID) >= 12 && strings.Contains(x.Command, h.Container.ID[:12])
	if !names && h.Command != "" {
		return ""
	}
	return x.ranBefore(h)
}

// calls reports whether a command has a container's name in it, and not only as a
// part of another one's: who runs something in web-db has nothing to do with web.
func calls(command, name string) bool {
	if name == "" {
		return false
	}
	for rest := command; ; {
		before, after, found := strings.Cut(rest, name)
		if !found {
			return false
		}
		if !strings.ContainsAny(before[max(0, len(before)-1):], nameChars) && !strings.ContainsAny(after[:min(1, len(after))], nameChars) {
			return true
		}
		rest = rest[len(before)+1:]
	}
}

// nameChars are what the daemon allows in the name of a container.
const nameChars = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-"

func (x *namedAct) ranBefore(h *finding.Hit) string {
	return fmt.Sprintf("%s ran %q on %s %s before", x.Actor.Name, text.Shorten(x.Command, 80), x.Host, ago(x.Time, h.Time.Time))
}

// runsClient is runtimeClient of its command, which a flood of events would ask for
// again and again.
func (x *namedAct) runsClient() bool {
	if x.client == nil {
		is := runtimeClient(x.Command)
		x.client = &is
	}
	return *x.client
}

// hostOf is the host an act took place on: the one its log names, or else the
// place its actor is named after. What was collected in one folder is of one
// host.
func hostOf(h *finding.Hit) string { return cmp.Or(h.Host, principal.PlaceOf(h.Actor.ID)) }

// runtimeClient reports whether a command is that of a client of a container
// runtime's API.
func runtimeClient(command string) bool {
	for _, word := range strings.Fields(command) {
		switch path.Base(word) {
		case "docker", "podman", "nerdctl", "ctr", "crictl", "docker-compose":
			return true
		}
		if strings.HasSuffix(word, "docker.sock") {
			return true
		}
	}
	return false
}

// told says why x may be the client that had the runtime start the process h:
// crictl was told that command. containerd writes no event that could stand between.
func (x *namedAct) told(h *finding.Hit) string {
	if x.Exec || h.Command == "" || x.Host != hostOf(h) || !x.runsClient() {
		return ""
	}
	if before, ok := strings.CutSuffix(x.Command, h.Command); !ok || !strings.HasSuffix(before, " ") {
		if !passesScript(x.Command, h.Command) {
			return ""
		}
	}
	return x.ranBefore(h)
}

// started says why x may have started the process h in its container: an exec
// of the same command into the pod or the container, or of a script that it stands in.
func (x *namedAct) started(h *finding.Hit) string {
	if !x.Exec || x.Command == "" || x.Host != "" && x.Host != hostOf(h) {
		return ""
	}
	what := "the same command"
	if x.Command != h.Command {
		switch {
		case inScript(x.Command, h.Command):
			what = "a script with this command"
		case opensFor(x.Command, h):
			what = "a command on this file"
		default:
			return ""
		}
	}
	if h.Container.Pod != "" && x.Pod != "" && (h.Container.Pod != x.Pod || h.Container.Namespace != x.NS) {
		return ""
	}
	where := "a container"
	switch {
	case x.Pod != "":
		where = fmt.Sprintf("pod %s/%s through the API server", x.NS, x.Pod)
	case x.Host != "":
		where += " on " + x.Host
	}
	return fmt.Sprintf("%s ran %s in %s %s before", x.Actor.Name, what, where, ago(x.Time, h.Time.Time))
}

// passedOn says why h may be what came of x at a kubelet, to which the API server passes
// an exec on from its own address: the same command in the same pod.
func (x *namedAct) passedOn(h *finding.Hit) string {
	if h.Action != "exec" || x.Pod == "" || x.Pod != h.Target.Name || x.NS != h.Target.Namespace || x.Command != h.Command {
		return ""
	}
	return fmt.Sprintf("%s ran the same command in pod %s/%s through the API server %s before", x.Actor.Name, x.NS, x.Pod, ago(x.Time, h.Time.Time))
}

func ago(then, now time.Time) string {
	return fmt.Sprintf("%.1f s", now.Sub(then).Seconds())
}

// remember keeps h, whose actor is resolved, as a named act if it has a principal
// and a command.
func (a *namedActs) remember(h *finding.Hit) {
	kind := parsers.ActorKind(h.Actor.Kind)
	if h.Time.IsZero() || h.Command == "" && !strings.HasSuffix(h.Target.Name, ".sock") {
		return
	}
	x := namedAct{Time: h.Time.Time, Actor: h.Actor, Host: hostOf(h), Command: cmp.Or(h.Command, h.Target.Name), Exposed: h.Exposed}
	switch {
	case kind.Kubernetes() && h.Target.Kind == "pods/exec" && h.Outcome != "denied":
		x.Exec, x.Host, x.Pod, x.NS = true, "", h.Target.Name, h.Target.Namespace
	case (kind.Kubernetes() || kind == parsers.LinuxUser) && (h.Container.ID != "" || h.Container.Name != ""):
		x.Exec, x.Pod, x.NS = true, h.Container.Pod, h.Container.Namespace // a nameless act that was resolved
	case kind == parsers.LinuxUser && LoggedIn(h):
	default:
		return
	}
	a.add(x)
}

func (a *namedActs) add(x namedAct) {
	if len(a.seen) == MaxNamedActs {
		a.lost, a.seen = a.seen[0].Time, a.seen[1:]
	}
	a.seen = append(a.seen, x)
}

func (a *namedActs) forget(now time.Time) {
	n := 0
	for n < len(a.seen) && now.Sub(a.seen[n].Time) > JoinWindow {
		n++
	}
	a.seen = a.seen[n:]
}
