package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"tideline/scanner/finding"
)

// manyOverview has more of everything than a screen holds.
func manyOverview() *finding.Overview {
	o := sampleOverview()
	for i := range 50 {
		name := fmt.Sprintf("intruder-%d-%s", i, strings.Repeat("x", i))
		a := finding.Actor{ID: "k8s:" + name, Names: []string{name, "alias of " + name}, Score: 96 - i, Addresses: []string{"198.51.100.1", "198.51.100.2"}, Agents: []string{"curl/8"},
			Links: []finding.Link{{Actor: "k8s:alias of " + name, Why: strings.Repeat("a reason ", 20), Certainty: "likely"}}}
		for j := range 30 {
			a.Story = append(a.Story, finding.Step{Time: at(j % 60), Score: 50 + j, Outcome: "allowed", Actor: name, Action: "get", Summary: strings.Repeat("a long sentence ", j),
				Target: finding.Target{Kind: []string{"secrets", "pods", "things/thing"}[j%3], Namespace: "prod", Name: fmt.Sprintf("object-%d", j)}})
		}
		o.Actors = append(o.Actors, a)
		o.Exposure = append(o.Exposure, finding.Exposure{Kind: "secret", Namespace: fmt.Sprint("n", i), Name: fmt.Sprint("s", i), Certainty: []string{finding.Obtained, finding.Possible}[i%2], Advice: "rotate", Actors: []string{a.ID}})
		o.Coverage.Blind = append(o.Coverage.Blind, fmt.Sprintf("No log %d: %s", i, strings.Repeat("nothing can be seen ", i)))
	}
	o.Actors[0].Story = o.Actors[20].Story
	return o
}

// TestScreenFitsTheTerminal: whatever there is to say, and however small the
// terminal is, the whole of it stands on one screen with the prompt below.
func TestScreenFitsTheTerminal(t *testing.T) {
	f, _ := ByName("table")
	for _, o := range []*finding.Overview{sampleOverview(), manyOverview()} {
		for height := 24; height < 80; height += 3 {
			for width := 60; width <= 200; width += 20 {
				text := string(render(t, f, Options{Width: width, Height: height}, o, sampleFindings()))
				if n := strings.Count(text, "\n"); n > height-1 {
					t.Fatalf("%dx%d: %d lines\n%s", width, height, n, text)
				}
				for _, want := range []string{"CRITICAL 97", "ROTATE", "NOT SEEN", "INCOMPLETE", "every secret in prod [web]: db, tls"} {
					if !strings.Contains(text, want) {
						t.Fatalf("%dx%d: no %q\n%s", width, height, want, text)
					}
				}
			}
		}
	}
}

// TestScreenOfAnOrdinaryDay: where nothing is above low there is no intruder, no
// way and nothing to rotate.
func TestScreenOfAnOrdinaryDay(t *testing.T) {
	f, _ := ByName("table")
	o := sampleOverview()
	o.Summary.ByLevel = map[string]int64{"low": 3, "informational": 9}
	o.Summary.Verdict = "Nothing stands out."
	for i := range o.Actors {
		o.Actors[i].Score = 9
	}
	text := string(render(t, f, Options{Width: 100, Height: 40}, o, sampleFindings()))
	if !strings.HasPrefix(text, o.Summary.Verdict) || !strings.Contains(text, "READ ALL THE SAME") {
		t.Errorf("not calm:\n%s", text)
	}
	for _, not := range []string{"THE WAY", "ROTATE"} {
		if strings.Contains(text, not) {
			t.Errorf("an ordinary day has %s:\n%s", not, text)
		}
	}
}

func TestDeeds(t *testing.T) {
	a := &finding.Actor{ID: "k8s:sa", Names: []string{"sa", "other"}, Agents: []string{"curl/8.5.0", "build/1"}}
	step := func(outcome, who, action, kind, namespace, name, command, summary string) {
		a.Story = append(a.Story, finding.Step{Outcome: outcome, Actor: who, Action: action, Command: command, Summary: summary,
			Target: finding.Target{Kind: kind, Namespace: namespace, Name: name}})
	}
	step("allowed", "sa", "create", "selfsubjectrulesreviews", "", "", "", "x")
	step("denied", "sa", "list", "secrets", "kube-system", "", "", "x")
	step("denied", "sa", "list", "secrets", "", "", "", "x")
	step("allowed", "sa", "get", "secrets", "prod", "db", "", "x")
	step("allowed", "sa", "get", "secrets", "prod", "tls", "", "x")
	step("allowed", "sa", "get", "secrets", "prod", "db", "", "x")
	step("allowed", "other", "get", "secrets", "prod", "db", "", "x")
	step("allowed", "sa", "get", "pods/exec", "prod", "web-0", "cat /token", "x")
	step("allowed", "sa", "create", "serviceaccounts/token", "ci", "deployer", "", "x")
	step("allowed", "sa", "create", "rolebindings", "prod", "x", "", "sa bound cluster-admin to eve with curl/8.5.0")
	step("allowed", "sa", "get", "", "", "/logs/audit.log", "", "sa read /logs/audit.log of the API server")
	step("allowed", "sa", "create", "rolebindings", "prod", "y", "", "sa bound view to bob with build/16, again with build/1")
	step("allowed", "uid=0", "execve", "command", "", "", "cat /token", "uid=0 ran cat /token")
	a.Story = append(a.Story, finding.Step{Outcome: "denied", Actor: "sa", Impersonated: "ann", Action: "list", Target: finding.Target{Kind: "secrets", Namespace: "ci"}})
	a.Story = append(a.Story, finding.Step{Outcome: "allowed", Actor: "sa", Action: "list", Target: finding.Target{Kind: "secrets", Namespace: "ci"}, Labels: "owner=helm"})
	var got []string
	for _, d := range deeds(a) {
		got = append(got, d.said())
	}
	want := []string{"asked what it may do", "was not allowed to list all secrets in kube-system, of the whole cluster", "read secrets db, tls in prod",
		"as other: read secrets prod/db", "ran in pod prod/web-0: cat /token", "asked for a token of ci/deployer", "bound cluster-admin to eve", "read /logs/audit.log of the API server", "bound view to bob with build/16, again", "uid=0 ran cat /token",
		"as ann: was not allowed to list all secrets in ci", "listed secrets with owner=helm in ci"}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("told\n%s\nwant\n%s", g, w)
	}
}

// TestDeedsOfAnARN: who comes by IAM is a user of the API server like others.
func TestDeedsOfAnARN(t *testing.T) {
	const arn = "arn:aws:sts::111122223333:assumed-role/ops/eve"
	a := &finding.Actor{ID: "k8s:" + arn, Names: []string{arn}, Story: []finding.Step{{Outcome: "allowed", Actor: arn, Action: "get",
		Target: finding.Target{Kind: "secrets", Namespace: "prod", Name: "db"}, Summary: arn + ": get of Secrets in prod: db"}}}
	if got := deeds(a)[0].said(); got != "read secrets prod/db" {
		t.Error(got)
	}
}

func TestLossesTellAScopeOnce(t *testing.T) {
	entry := func(kind, namespace, name, certainty, advice string, who ...string) finding.Exposure {
		return finding.Exposure{Kind: kind, Namespace: namespace, Name: name, Certainty: certainty, Advice: advice, Actors: who}
	}
	obtained, possible, checks := losses([]finding.Exposure{
		entry("secret", "prod", "db", "obtained", "rotate", "a"),
		entry("secret", "ci", "*", "obtained", "rotate", "b"),
		entry("token", "", "*", "obtained", "revoke", "a"),
		entry("token", "ci", "x", "obtained", "revoke", "a"),
		entry("secret", "", "*", "obtained", "rotate", "a"),
		entry("secret", "", "token of a user", "obtained", "rotate", "a"),
		entry("secret", "dev", "*", "attempted", "check", "a"),
		entry("secret", "dev", "maybe", "possible", "rotate", "c"),
		entry("secret", "prod", "mine", "obtained", "rotate", "eve", "b"),
	}, func(id string) bool { return id == "a" || id == "eve" })
	var told []string
	for _, l := range obtained {
		told = append(told, l.said("", 9)+" by "+strings.Join(l.Actors, ","))
	}
	if got, want := strings.Join(told, "; "), "every secret of the cluster: prod/db by a; token in reach by a; token ci/x by a; secret token of a user by a; secret prod/mine by eve,b"; got != want {
		t.Errorf("obtained %s, want %s", got, want)
	}
	if len(possible) != 1 || checks != 1 {
		t.Errorf("%d possible, %d to check", len(possible), checks)
	}
	// Without the cluster's, each scope stands for itself.
	obtained, _, _ = losses([]finding.Exposure{entry("secret", "prod", "*", "obtained", "rotate"), entry("secret", "ci", "x", "obtained", "rotate"), entry("secret", "prod", "db", "obtained", "rotate")}, func(string) bool { return true })
	if len(obtained) != 2 || obtained[0].said("", 9) != "every secret in prod: db" {
		t.Errorf("%+v", obtained)
	}
}

func TestExposureTableCutsNothing(t *testing.T) {
	o := manyOverview()
	long := "a-secret-" + strings.Repeat("y", 90)
	o.Exposure = append(o.Exposure, finding.Exposure{Kind: "secret", Namespace: "prod", Name: long, Certainty: finding.Obtained, Advice: "rotate", Actors: []string{"k8s:intruder-3-xxx"}, How: []string{"get"}, Count: 1, First: at(1), Last: at(2)})
	var b bytes.Buffer
	if err := ExposureTable(&b, o, Options{Width: 120}); err != nil {
		t.Fatal(err)
	}
	if broken := strings.ReplaceAll(b.String(), "\n"+strings.Repeat(" ", 30), ""); !strings.Contains(broken, long) {
		t.Errorf("the name is cut:\n%s", b.String()[max(0, b.Len()-600):])
	}
	for _, want := range []string{"by intruder-3-xxx", "known by name: db, tls", "rotate             obtained"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q", want)
		}
	}
}

// A rotation list that was full must not pass for the whole.
func TestAFullRotationListSaysThatThereIsMore(t *testing.T) {
	f, _ := ByName("table")
	for want, unlisted := range map[string]int64{" and more; 1 to be checked; the working list": 7, "ROTATE  (1 to be checked; the working list": 0} {
		o := sampleOverview()
		o.Unlisted = unlisted
		if text := string(render(t, f, Options{Width: 100, Height: 40}, o, sampleFindings())); !strings.Contains(text, want) {
			t.Errorf("%d unlisted: no %q in\n%s", unlisted, want, text)
		}
	}
}

func TestShortActor(t *testing.T) {
	id := strings.Repeat("0123456789abcdef", 4)
	for in, want := range map[string]string{
		"system:serviceaccount:prod:web": "sa:prod:web",
		id:                               "0123456789ab",
		id + " ran cat /token":           "0123456789ab ran cat /token",
		"also " + id + " (likely)":       "also 0123456789ab (likely)",
		id + ": x " + id:                 "0123456789ab: x 0123456789ab",
		id + "0 is longer":               id + "0 is longer",
		"web@sha256:" + id:               "web@sha256:" + id, // an image, which has no other name
		"/run/" + id + "/config.json":    "/run/" + id + "/config.json",
		"0123456789abcdef":               "0123456789abcdef",
	} {
		if got := shortActor(in); got != want {
			t.Errorf("%s is told as %s, want %s", in, got, want)
		}
	}
}

// TestNameOfAContainer: a number alone says neither what it is nor where.
func TestNameOfAContainer(t *testing.T) {
	id := strings.Repeat("0123456789abcdef", 4)
	for want, a := range map[string]finding.Actor{
		"container 0123456789ab":          {ID: "container:" + id},
		"container 0123456789ab on node1": {ID: "container:" + id, Names: []string{id}, Hosts: []string{"node1"}},
	} {
		if got := fullName(&a); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestBlindRulesAreCountedOnce: the screen's list of blind spots has one number, which
// is of all of them, and not that of the spot that happens to be the last.
func TestBlindRulesAreCountedOnce(t *testing.T) {
	f, _ := ByName("table")
	o := sampleOverview()
	o.Coverage.Blind = []string{"The Linux audit log has no command of sudo (USER_CMD) (1 rule blind).",
		"The Linux audit log has no PATH records on a, 1 of 2 logs (4 rules blind there).", "No Docker log: nothing can be seen (2 rules blind)."}
	o.Coverage.Rules = make([]finding.RuleCoverage, 3)
	text := string(render(t, f, Options{Width: 200, Height: 24}, o, sampleFindings()))
	if want := "The Linux audit log has no command of sudo (USER_CMD); The Linux audit log has no PATH records on a, 1 of 2 logs; No Docker log; 3 rules blind in all"; !strings.Contains(text, want) {
		t.Errorf("no %q in\n%s", want, text)
	}
}
