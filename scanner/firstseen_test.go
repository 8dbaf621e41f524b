package scanner

import (
	"strings"
	"testing"
	"time"

	"tideline/scanner/baseline"
	"tideline/scanner/block"
	"tideline/scanner/finding"
	"tideline/scanner/ruleset"
)

func at(hour int) finding.Time {
	return finding.Time{Time: time.Date(2026, 3, 10, hour, 0, 0, 0, time.UTC)}
}

// morning is a log of a day in which alice read Secrets with kubectl at one,
// and the account web watched pods with its program; everything ends at noon.
func morning() *baseline.Baseline {
	b := baseline.New()
	for _, x := range []struct{ actor, action, kind, agent string }{
		{"k8s:alice", "get", "secrets", "kubectl/v1.31.0"},
		{"k8s:web", "watch", "pods", "web/2.1"},
	} {
		b.Add(baseline.NewHabit(x.actor, x.action, x.kind, x.agent, "10.0.0.1"), baseline.Use{Count: 2, First: at(1), Last: at(23)})
	}
	b.AddImage("registry.corp/web:1", baseline.Use{Count: 1, First: at(1), Last: at(1)})
	return b
}

func hitOf(actor, action, kind, agent string, hour int) *finding.Hit {
	return &finding.Hit{Rule: "r", Time: at(hour), Action: action, Target: finding.Target{Kind: kind, Namespace: "prod"},
		Actor: finding.ActorRef{ID: actor, Agent: agent}}
}

func TestFirstSeen(t *testing.T) {
	pod := func(image string, hour int) *finding.Hit {
		h := hitOf("k8s:alice", "create", "pods", "kubectl/v1.31.0", hour)
		h.Fields = map[string][]string{ruleset.FieldPodImages: {image}}
		return h
	}
	container := hitOf("k8s:alice", "create", "", "", 20)
	container.Container.Image = "alpine:3"
	known := hitOf("k8s:alice", "create", "", "", 20)
	known.Container.Image = "registry.corp/web:9"
	for name, c := range map[string]struct {
		things []string
		hits   []*finding.Hit
		whole  bool // against a baseline
		want   string
	}{
		"what is known is not new":         {[]string{block.NewAct}, []*finding.Hit{hitOf("k8s:alice", "list", "secrets", "kubectl/v9", 20)}, false, ""},
		"another act is":                   {[]string{block.NewAct}, []*finding.Hit{hitOf("k8s:web", "list", "secrets", "web/2", 20)}, false, "read of secrets"},
		"each new thing is told once":      {[]string{block.NewAct}, []*finding.Hit{hitOf("k8s:web", "list", "secrets", "a/1", 20), hitOf("k8s:web", "get", "secrets", "b/1", 21)}, false, "read of secrets"},
		"the first hours are not judged":   {[]string{block.NewAct}, []*finding.Hit{hitOf("k8s:web", "list", "secrets", "web/2", 8)}, false, ""},
		"with a baseline it is":            {[]string{block.NewAct}, []*finding.Hit{hitOf("k8s:web", "list", "secrets", "web/2", 5)}, true, "read of secrets"},
		"a new version is the same":        {[]string{block.NewClient}, []*finding.Hit{hitOf("k8s:web", "list", "pods", "web/3.0", 20)}, false, ""},
		"a new client":                     {[]string{block.NewClient}, []*finding.Hit{hitOf("k8s:web", "list", "pods", "curl/8.5.0", 20)}, false, "its client curl"},
		"of a stranger no client is":       {[]string{block.NewClient}, []*finding.Hit{hitOf("k8s:eve", "list", "pods", "curl/8.5.0", 20)}, false, ""},
		"a stranger":                       {[]string{block.NewActor}, []*finding.Hit{hitOf("k8s:eve", "list", "pods", "curl/8.5.0", 20)}, false, "the principal"},
		"a namespace not in the morning":   {[]string{block.NewNamespace}, []*finding.Hit{hitOf("k8s:alice", "get", "secrets", "kubectl/v1", 20)}, false, "the namespace prod"},
		"a namespace of the morning":       {[]string{block.NewNamespace}, []*finding.Hit{hitOf("k8s:alice", "get", "secrets", "kubectl/v1", 2), hitOf("k8s:alice", "get", "secrets", "kubectl/v1", 20)}, false, ""},
		"a baseline knows no namespaces":   {[]string{block.NewNamespace}, []*finding.Hit{hitOf("k8s:alice", "get", "secrets", "kubectl/v1", 20)}, true, ""},
		"an image of the morning":          {[]string{block.NewImage}, []*finding.Hit{pod("registry.corp/api:1", 3), pod("registry.corp/api:2", 20)}, false, ""},
		"an image that is new":             {[]string{block.NewImage}, []*finding.Hit{pod("alpine:3", 20), pod("alpine@sha256:ab", 21)}, false, "the image alpine"},
		"a container's against a baseline": {[]string{block.NewImage}, []*finding.Hit{container, known}, true, "the image alpine"},
		"another log teaches nothing":      {[]string{block.NewActor}, []*finding.Hit{hitOf("linux:h/1000", "execve", "", "", 20)}, false, ""},
		"several at once":                  {[]string{block.NewAct, block.NewClient}, []*finding.Hit{hitOf("k8s:web", "list", "secrets", "curl/8", 20)}, false, "read of secrets, its client curl"},
	} {
		t.Run(name, func(t *testing.T) {
			index := morning().FirstPart()
			if c.whole {
				index = morning().Index()
			}
			f := newFirsts(index)
			var news []string
			for _, h := range c.hits {
				more, _ := f.judge(c.things, h, true)
				news = append(news, more...)
			}
			if got := strings.Join(news, ", "); got != c.want {
				t.Errorf("new: %q, want %q", got, c.want)
			}
		})
	}
}
