package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tideline/scanner/finding"
)

// addsUp holds a JSON report to what it says of scores: the points of the reasons
// add up, within 0 and 100, every reason says why, and stories are in order.
func addsUp(t *testing.T, text []byte) {
	t.Helper()
	var r struct {
		Actors   []finding.Actor
		Findings []finding.Finding
	}
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	sum := func(what string, score int, reasons []finding.Reason) {
		for _, x := range reasons {
			if score -= x.Points; x.Why == "" {
				t.Errorf("%s: %d points without a reason", what, x.Points)
			}
		}
		if score != 0 {
			t.Errorf("%s: reasons and score are %d apart: %+v", what, score, reasons)
		}
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		sum("finding "+f.ID, f.Score, f.Reasons)
		if f.Score < 0 || f.Score > 100 {
			t.Errorf("finding %s has a score of %d", f.ID, f.Score)
		}
	}
	for i := range r.Actors {
		a := &r.Actors[i]
		sum(a.ID, a.Score, a.Reasons)
		if a.Score < 0 || a.Score > 100 || i > 0 && a.Score > r.Actors[i-1].Score {
			t.Errorf("%s has %d, the one before %d", a.ID, a.Score, r.Actors[max(i-1, 0)].Score)
		}
		if !slices.IsSortedFunc(a.Story, func(x, y finding.Step) int { return x.Time.Compare(y.Time.Time) }) {
			t.Errorf("the story of %s is out of order", a.ID)
		}
	}
	if len(r.Findings) == 0 || len(r.Actors) == 0 {
		t.Error("nothing was found: that proves nothing")
	}
}

// chaos makes evidence at random: requests of a few principals that share
// addresses, clients and secrets, of which many are of one instant, in several
// audit logs; commands on hosts; and what Docker says of them.
type chaos struct{ *rand.Rand }

func (c chaos) one(list ...string) string { return list[c.Intn(len(list))] }

// instant is one of few, so that lines of equal times are common.
func (c chaos) instant() time.Time {
	return time.Date(2026, 3, 1, c.Intn(24), c.Intn(4), c.Intn(3), 0, time.UTC)
}

func (c chaos) request(id int) string {
	at := c.instant().Format("2006-01-02T15:04:05.000000Z")
	user := c.one("alice", "bob", "system:serviceaccount:prod:web", "system:serviceaccount:ci:deployer", "system:node:n1", "system:anonymous")
	ns, resource := c.one("prod", "ci", "kube-system", ""), c.one("secrets", "secrets", "pods", "serviceaccounts", "clusterrolebindings")
	name := c.one("", "db", "tls", "web-1")
	as := ""
	if c.Intn(9) == 0 {
		as = `"impersonatedUser":{"username":"bob","groups":["system:masters"]},`
	}
	stages, code := []string{"ResponseComplete"}, c.one("200", "200", "403", "404")
	if c.Intn(3) == 0 {
		stages = []string{"RequestReceived", "ResponseComplete"}
	}
	out := ""
	for _, stage := range stages {
		status := ""
		if stage != "RequestReceived" {
			status = `"responseStatus":{"metadata":{},"code":` + code + `},`
		}
		out += fmt.Sprintf(`{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"%08d-0000-4000-8000-000000000000","stage":%q,"requestURI":"/api/v1/%s","verb":%q,`+
			`"user":{"username":%q,"groups":["system:authenticated"]},%s"sourceIPs":[%q],"userAgent":%q,"objectRef":{"resource":%q,"namespace":%q,"name":%q,"apiVersion":"v1"},%s`+
			`"requestReceivedTimestamp":%q,"stageTimestamp":%q}`+"\n", id, stage, resource, c.one("get", "list", "watch", "create", "delete"), user, as,
			c.one("10.0.0.9", "1.2.3.7", "45.9.148.3"), c.one("kubectl/v1.31.0 (linux/amd64) kubernetes/abc", "curl/8.5.0", "python-requests/2.31"), resource, ns, name, status, at, at)
	}
	return out
}

func (c chaos) command(node string, serial int) string {
	head := fmt.Sprintf("node=%s type=%%s msg=audit(%d.000:%d): ", node, c.instant().Unix(), serial)
	auid, args := c.one("1000", "1001", "4294967295"), strings.Fields(c.one("docker ps -a", "docker logs api", "docker inspect api", "cat /root/.aws/credentials", "kubectl get secrets -A", "ls -l"))
	line := fmt.Sprintf(head, "SYSCALL") + fmt.Sprintf(`arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=1 ppid=1 pid=%d auid=%s uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=%s comm=%q exe="/usr/bin/%s" key=(null)`,
		serial, auid, auid, args[0], args[0]) + "\n" + fmt.Sprintf(head, "EXECVE") + fmt.Sprintf("argc=%d", len(args))
	for i, a := range args {
		line += fmt.Sprintf(" a%d=%q", i, a)
	}
	return line + "\n" + fmt.Sprintf(head, "EOE") + "\n"
}

func (c chaos) docker() string {
	at, name := c.instant(), c.one("api", "db")
	return fmt.Sprintf(`{"status":"x","id":"%064x","Type":"container","Action":%q,"Actor":{"ID":"%064x","Attributes":{"image":"a/b:1","name":%q}},"scope":"local","time":%d,"timeNano":%d}`+"\n",
		len(name), c.one("exec_create: printenv", "create", "start", "die", "exec_create: cat /root/.aws/credentials"), len(name), name, at.Unix(), at.UnixNano())
}

// write deals the lines out to files, in an order of its own. What is of one
// request, or one event, stays together.
func (c chaos) write(t *testing.T, dir string, logs map[string][]string) (files []string) {
	t.Helper()
	for name, lines := range logs {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(strings.Join(lines, "")), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, name)
	}
	slices.Sort(files)
	return files
}

func (c chaos) logs() map[string][]string {
	logs := map[string][]string{}
	for i := range 400 {
		name := c.one("cp1/audit.log", "cp1/audit-2.log", "cp2/audit.log")
		logs[name] = append(logs[name], c.request(i))
	}
	for i := range 60 {
		node := c.one("n1", "n2")
		logs[node+"/audit.log"] = append(logs[node+"/audit.log"], c.command(node, 100+i))
	}
	for range 40 {
		logs["n1/docker-events.json"] = append(logs["n1/docker-events.json"], c.docker())
	}
	return logs
}

// TestAnyDealOfTheEvidenceGivesTheSameReports: random evidence of several
// sources, dealt out to machines at random, whose parts are merged in a random
// order, some of them before others, with any number of workers.
func TestAnyDealOfTheEvidenceGivesTheSameReports(t *testing.T) {
	rounds := 4
	if testing.Short() {
		rounds = 1
	}
	for round := range rounds {
		c := chaos{rand.New(rand.NewSource(int64(round)))}
		files := c.write(t, t.TempDir(), c.logs())
		args, want := reportNames(t.TempDir())
		if status, _, errs := tideline(append(append([]string{"scan", "-q", "-j", "1"}, args...), files...)...); status != exitOK {
			t.Fatal(errs)
		}
		p := &parts{t: t, random: c.Rand, dir: t.TempDir()}
		for deal := range 3 {
			args, got := reportNames(t.TempDir())
			from := append([]string{"merge", "-q"}, args...)
			if deal == 0 {
				from = append(append([]string{"scan", "-q", "-j", fmt.Sprint(2 + c.Intn(7))}, args...), files...)
			} else {
				from = append(from, p.dealt(slices.Clone(files))...)
			}
			if status, _, errs := tideline(from...); status != exitOK {
				t.Fatal(errs)
			}
			for i := range want {
				a, errA := os.ReadFile(got[i])
				b, errB := os.ReadFile(want[i])
				if errA != nil || errB != nil {
					t.Fatal(errA, errB)
				}
				if !bytes.Equal(a, b) {
					t.Errorf("round %d, deal %d: %s is another one%s", round, deal, filepath.Base(want[i]), firstDifference(a, b))
				}
			}
		}
		all := printed(t, append([]string{"scan", "-q", "-f", "json", "--min-level", "informational"}, files...)...)
		addsUp(t, []byte(all))
	}
}

// scores are the scores of a report: of findings by what they are about, which
// is their id, and of actors.
func scores(t *testing.T, files []string) map[string]int {
	t.Helper()
	status, out, errs := tideline(append([]string{"scan", "-q", "-f", "json", "--min-level", "informational"}, files...)...)
	if status != exitOK {
		t.Fatal(errs)
	}
	var r struct {
		Actors   []finding.Actor
		Findings []finding.Finding
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	list := map[string]int{}
	for _, f := range r.Findings {
		list["finding "+f.ID] = f.Score
	}
	for _, a := range r.Actors {
		list["actor "+a.ID] = a.Score
	}
	return list
}

// TestNoScoreDependsOnTheOrderOfInput: lines of a log in another order, those of
// equal times among them, and files named and read in another order, give the
// same findings and actors the same scores.
func TestNoScoreDependsOnTheOrderOfInput(t *testing.T) {
	for round := range 4 {
		c := chaos{rand.New(rand.NewSource(100 + int64(round)))}
		logs := c.logs()
		want := scores(t, c.write(t, t.TempDir(), logs))
		for turn := range 3 {
			for _, name := range []string{"cp1/audit.log", "cp1/audit-2.log", "cp2/audit.log", "n1/docker-events.json"} {
				c.Shuffle(len(logs[name]), func(i, j int) { logs[name][i], logs[name][j] = logs[name][j], logs[name][i] })
			}
			files := c.write(t, t.TempDir(), logs)
			c.Shuffle(len(files), func(i, j int) { files[i], files[j] = files[j], files[i] })
			got := scores(t, files)
			for key, score := range want {
				if have, ok := got[key]; !ok || have != score {
					t.Errorf("round %d, turn %d: %s has %d (found: %v), in another order %d", round, turn, key, have, ok, score)
				}
			}
			if len(got) != len(want) {
				t.Errorf("round %d, turn %d: %d scores, in another order %d", round, turn, len(got), len(want))
			}
		}
	}
}
