package score

import (
	"fmt"
	"math/rand"
	"testing"

	"tideline/scanner/finding"
)

func sum(reasons []finding.Reason) int {
	n := 0
	for _, r := range reasons {
		n += r.Points
	}
	return n
}

func TestFindingScore(t *testing.T) {
	base := func(change func(*finding.Finding)) *finding.Finding {
		f := &finding.Finding{Count: 1, Outcome: "allowed", Rule: finding.Rule{Level: "high"}}
		f.Actor = finding.ActorRef{ID: "k8s:alice", Kind: "kubernetes-user"}
		if change != nil {
			change(f)
		}
		return f
	}
	for _, c := range []struct {
		name   string
		f      *finding.Finding
		base   int
		adjust []finding.Reason
		around Context
		want   int
	}{
		{"by level", base(nil), 0, nil, Context{}, 73},
		{"by rule", base(nil), 60, nil, Context{}, 60},
		{"adjusted", base(nil), 60, []finding.Reason{{Points: 20, Why: "every namespace"}}, Context{}, 80},
		{"never above 100", base(nil), 90, []finding.Reason{{Points: 30, Why: "x"}}, Context{}, 100},
		{"never below 0", base(nil), 10, []finding.Reason{{Points: -30, Why: "x"}}, Context{}, 0},
		{"denied weighs half", base(func(f *finding.Finding) { f.Outcome = "denied" }), 60, nil, Context{}, 30},
		{"a secret of kube-system", base(func(f *finding.Finding) {
			f.Target = finding.Target{Kind: "secrets", Namespace: "kube-system"}
		}), 60, nil, Context{}, 75},
		{"an event of kube-system", base(func(f *finding.Finding) {
			f.Target = finding.Target{Kind: "events", Namespace: "kube-system"}
		}), 60, nil, Context{}, 60},
		{"a precious secret", base(func(f *finding.Finding) {
			f.Target = finding.Target{Kind: "secrets", Namespace: "prod", Name: "Vault-unseal"}
		}), 60, nil, Context{}, 75},
		{"a log that names no user", base(func(f *finding.Finding) {
			f.Actor = finding.ActorRef{ID: "k8s-client:10.0.0.7", Kind: "kubernetes-client"}
		}), 60, nil, Context{}, 42},
		{"such a client, in kube-system", base(func(f *finding.Finding) {
			f.Actor = finding.ActorRef{ID: "k8s-client:10.0.0.7", Kind: "kubernetes-client"}
			f.Target = finding.Target{Kind: "secrets", Namespace: "kube-system"}
		}), 60, nil, Context{}, 53},
		{"such a client, straight at a kubelet", base(func(f *finding.Finding) {
			f.Actor = finding.ActorRef{ID: "k8s-client:10.0.0.7", Kind: "kubernetes-client"}
			f.Target = finding.Target{Kind: "kubelet/run", Namespace: "kube-system"}
		}), 60, nil, Context{}, 75},
		{"failed weighs seven tenths", base(func(f *finding.Finding) { f.Outcome = "failed" }), 60, nil, Context{}, 42},
		{"a shell in a pod of kube-system", base(func(f *finding.Finding) {
			f.Target = finding.Target{Kind: "pods/exec", Namespace: "kube-system"}
		}), 60, nil, Context{}, 75},
		{"a token of an account of kube-system", base(func(f *finding.Finding) {
			f.Target = finding.Target{Kind: "serviceaccounts/token", Namespace: "kube-system"}
		}), 60, nil, Context{}, 75},
		{"a pod elsewhere", base(func(f *finding.Finding) {
			f.Target = finding.Target{Kind: "pods/exec", Namespace: "prod"}
		}), 60, nil, Context{}, 60},
		{"an ordinary secret", base(func(f *finding.Finding) {
			f.Target = finding.Target{Kind: "secrets", Namespace: "prod", Name: "db"}
		}), 60, nil, Context{}, 60},
		{"a precious name that is no secret's", base(func(f *finding.Finding) {
			f.Target = finding.Target{Kind: "configmaps", Namespace: "prod", Name: "cluster-info"}
		}), 60, nil, Context{}, 60},
		{"a file on a host, called like it", base(func(f *finding.Finding) {
			f.Actor = finding.ActorRef{ID: "linux:node/auid=1000", Kind: "linux-user"}
			f.Target = finding.Target{Kind: "secrets", Namespace: "kube-system", Name: "admin"}
		}), 60, nil, Context{}, 60},
		{"a group of no power", base(func(f *finding.Finding) { f.Actor.Groups = []string{"developers"} }), 60, nil, Context{}, 60},
		{"a group called like the role", base(func(f *finding.Finding) { f.Actor.Groups = []string{"cluster-admin"} }), 60, nil, Context{}, 72},
		{"two groups of all power", base(func(f *finding.Finding) {
			f.Actor.Groups = []string{"system:authenticated", "cluster-admin", "system:masters"}
		}), 60, nil, Context{}, 72},
		{"an operator the rule has nothing to say of", base(nil), 60, []finding.Reason{{Points: 0, Why: "x"}}, Context{Operator: true}, 12},
		{"an operator the rule holds more against", base(nil), 50, []finding.Reason{{Points: 10, Why: "x"}}, Context{Operator: true}, 12},
		{"masters", base(func(f *finding.Finding) { f.Actor.Groups = []string{"system:masters"} }), 60, nil, Context{}, 72},
		{"workload from a public address", base(func(f *finding.Finding) {
			f.Actor.Kind, f.Actor.Addresses = "kubernetes-service-account", []string{"10.0.0.1", "9.9.9.9"}
		}), 60, nil, Context{}, 72},
		{"workload inside", base(func(f *finding.Finding) {
			f.Actor.Kind, f.Actor.Addresses = "kubernetes-service-account", []string{"9.9.9.9", "10.0.0.1"}
		}), 60, nil, Context{}, 60},
		{"a person from a public address", base(func(f *finding.Finding) { f.Actor.Addresses = []string{"9.9.9.9"} }), 60, nil, Context{}, 60},
		{"workload from where the nodes are", base(func(f *finding.Finding) {
			f.Actor.Kind, f.Actor.Addresses = "kubernetes-service-account", []string{"9.9.9.9"}
		}), 60, nil, Context{Home: true}, 60},
		{"once is no repetition", base(nil), 60, nil, Context{}, 60},
		{"a node's from a public address", base(func(f *finding.Finding) {
			f.Actor.Kind, f.Actor.Addresses = "kubernetes-node", []string{"9.9.9.9"}
		}), 60, nil, Context{}, 72},
		{"repetition adds a little", base(func(f *finding.Finding) { f.Count = 4 }), 60, nil, Context{}, 66},
		{"and no more than a quarter", base(func(f *finding.Finding) { f.Count = 1e9 }), 60, nil, Context{}, 75},
		{"something is new", base(nil), 60, nil, Context{New: []string{"its client curl"}}, 75},
		{"nothing is new", base(nil), 60, nil, Context{Usual: true}, 30},
		{"an operator at work", base(nil), 60, nil, Context{Operator: true}, 12},
		{"an operator whose client changed", base(nil), 60, nil, Context{Operator: true, New: []string{"its client curl"}}, 75},
		{"an operator the rule knows", base(nil), 60, []finding.Reason{{Points: -48, Why: "an operator"}}, Context{Operator: true}, 12},
		{"an announced test", base(nil), 60, nil, Context{Engagement: "9.9.9.9"}, 12},
	} {
		t.Run(c.name, func(t *testing.T) {
			Finding(c.f, c.base, c.adjust, c.around)
			if c.f.Score != c.want {
				t.Errorf("score %d, want %d: %v", c.f.Score, c.want, c.f.Reasons)
			}
			if sum(c.f.Reasons) != c.f.Score {
				t.Errorf("reasons add up to %d, score is %d: %v", sum(c.f.Reasons), c.f.Score, c.f.Reasons)
			}
		})
	}
}

func hit(i, points int, level string, attack ...string) *finding.Finding {
	f := &finding.Finding{ID: fmt.Sprintf("%016x", i), Score: points, Attack: attack, Outcome: "allowed",
		Rule: finding.Rule{ID: fmt.Sprint("r", i%7), Title: fmt.Sprint("rule ", i%7), Level: level}}
	f.Target.Name = fmt.Sprint(i)
	return f
}

// TestAnActorsScoreIsTheSumOfItsReasons shows each reason that there is, in points.
func TestAnActorsScoreIsTheSumOfItsReasons(t *testing.T) {
	correlation := func(i int) *finding.Finding {
		f := hit(i, 90, "critical")
		f.Related = []string{"a", "b"}
		return f
	}
	from := func(f *finding.Finding, format string) *finding.Finding {
		f.Source.Format = format
		return f
	}
	again, other := hit(1, 50, "medium"), hit(2, 50, "medium")
	again.ID, other.Target.Name = "ff", "1"
	var many []*finding.Finding
	for i := range 60 {
		many = append(many, hit(7*i+1, 95, "high"))
	}
	for _, c := range []struct {
		name string
		list []*finding.Finding
		want string
	}{
		{"one finding", []*finding.Finding{hit(1, 50, "medium")}, "[{19 rule 1}]"},
		{"one rule, two targets", []*finding.Finding{hit(1, 50, "medium"), hit(8, 50, "medium")}, "[{26 rule 1 (2 findings)}]"},
		{"one rule, one target: the second counts half", []*finding.Finding{hit(1, 50, "medium"), again}, "[{23 rule 1 (2 findings)}]"},
		{"two rules of no family, one target", []*finding.Finding{hit(1, 50, "medium"), other}, "[{19 rule 1} {7 rule 2}]"},
		{"two rules, the stronger first", []*finding.Finding{hit(1, 30, "medium"), hit(2, 50, "medium")}, "[{19 rule 2} {4 rule 1}]"},
		{"two tactics are usual", []*finding.Finding{hit(1, 50, "medium", "T1552", "T1613")}, "[{19 rule 1}]"},
		{"three are not", []*finding.Finding{hit(1, 50, "medium", "T1552", "T1613", "T1609")}, "[{19 rule 1} {5 3 ATT&CK tactics}]"},
		{"unless in what is weak", []*finding.Finding{hit(1, 50, "low", "T1552", "T1613", "T1609")}, "[{19 rule 1}]"},
		{"or in what has none", []*finding.Finding{hit(1, 50, "medium", "T1552", "T1613", "T9999")}, "[{19 rule 1}]"},
		{"breadth has an end", []*finding.Finding{hit(1, 50, "medium", "T1552", "T1613", "T1609", "T1098", "T1078", "T1048", "T1068", "T1036")}, "[{19 rule 1} {15 8 ATT&CK tactics}]"},
		{"logs agree", []*finding.Finding{from(hit(1, 50, "medium"), "auditd"), from(hit(2, 50, "medium"), "docker-events"), hit(3, 50, "medium")},
			"[{19 rule 1} {7 rule 2} {4 rule 3} {5 2 kinds of log agree}]"},
		{"correlations", []*finding.Finding{correlation(1), correlation(2)}, "[{35 rule 1} {12 rule 2} {20 2 critical correlations} {8 a critical correlation weighs at least 75}]"},
		{"of critical level only", []*finding.Finding{{ID: "1", Score: 50, Related: []string{"a"}, Rule: finding.Rule{Title: "rule", Level: "high"}}}, "[{19 rule}]"},
		{"strong ones above every floor", append(many, correlation(1)), "[{86 rule 1 (61 findings)} {10 1 critical correlations}]"},
		{"100 is the most", append(many, correlation(1), correlation(2)), "[{86 rule 1 (61 findings)} {20 2 critical correlations} {-6 100 is the most}]"},
		{"a strong finding", []*finding.Finding{hit(1, 75, "high")}, "[{29 rule 1} {31 a single finding of 75 weighs at least 60}]"},
		{"one of the band high", []*finding.Finding{hit(1, 60, "high")}, "[{23 rule 1} {12 a single finding of 60 weighs at least 35}]"},
		{"one just below it", []*finding.Finding{hit(1, 59, "high")}, "[{23 rule 1}]"},
	} {
		var a Account
		for _, f := range c.list {
			a.Add(f, "", false)
		}
		got, reasons := a.Result()
		if fmt.Sprint(reasons) != c.want || sum(reasons) != got {
			t.Errorf("%s: %d for %v, want %s", c.name, got, reasons, c.want)
		}
	}
}

func TestThousandsOfWeakFindingsDoNotOutrankAFewStrongOnes(t *testing.T) {
	var noisy, quiet Account
	for i := range 20000 {
		noisy.Add(hit(i, 21, "low", "T1613"), "", false)
	}
	for i := range 3 {
		quiet.Add(hit(i, 73, "high", "T1552.007"), "", false)
	}
	weak, _ := noisy.Result()
	strong, _ := quiet.Result()
	if weak >= strong {
		t.Errorf("20,000 findings of 21 give %d, 3 findings of 73 give %d", weak, strong)
	}
}

func TestActorScoreDoesNotDependOnOrderAndAddsUp(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	var list []*finding.Finding
	levels := []string{"low", "medium", "high", "critical"}
	attacks := []string{"T1552.007", "T1613", "T1609", "T1098", "T1078"}
	for i := range 3000 {
		list = append(list, hit(i, r.Intn(101), levels[r.Intn(4)], attacks[r.Intn(5)]))
	}
	var want []finding.Reason
	for round := range 5 {
		var a Account
		for _, f := range list {
			a.Add(f, "", false)
		}
		got, reasons := a.Result()
		if sum(reasons) != got {
			t.Fatalf("reasons add up to %d, score is %d", sum(reasons), got)
		}
		if round == 0 {
			want = reasons
		} else if fmt.Sprint(reasons) != fmt.Sprint(want) {
			t.Fatalf("another order gives %v, want %v", reasons, want)
		}
		r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	}
}

func TestActorFloorsAndExposures(t *testing.T) {
	var strong Account
	strong.Add(hit(1, 80, "critical", "T1552.007"), "", false)
	if got, _ := strong.Result(); got != 60 {
		t.Errorf("a single finding of 80 gives %d, want the floor of 60", got)
	}
	strong.Add(hit(2, 5, "low", "T1613"), "", false)
	if got, _ := strong.Result(); got != 60 {
		t.Errorf("a weak finding behind it takes the floor away: %d", got)
	}
	var correlated Account
	f := hit(1, 90, "critical", "T1552.007")
	f.Related = []string{"a", "b"}
	correlated.Add(f, "", false)
	if got, _ := correlated.Result(); got < 75 {
		t.Errorf("a critical correlation gives %d, want at least 75", got)
	}
	var exposed Account
	exposed.Add(hit(1, 80, "high", "T1552.001"), "", true)
	if got, _ := exposed.Result(); got != 0 {
		t.Errorf("an exposed credential adds %d to its actor, want 0", got)
	}
}

// TestWhatWasDeniedIsNoTactic: who only tried did not use it.
func TestWhatWasDeniedIsNoTactic(t *testing.T) {
	sum := func(outcome string) int {
		var a Account
		for i, attack := range []string{"T1552.007", "T1613", "T1609", "T1098"} {
			f := hit(i, 40, "high", attack)
			f.Outcome = outcome
			a.Add(f, "", false)
		}
		got, _ := a.Result()
		return got
	}
	if denied, allowed := sum("denied"), sum("allowed"); denied >= allowed {
		t.Errorf("denied gives %d, allowed %d", denied, allowed)
	}
}

func TestOneFamilyOnOneTargetCountsHalf(t *testing.T) {
	var one, two Account
	for i, a := range []*Account{&one, &two} {
		for n := range 2 {
			f := hit(n, 50, "medium")
			f.Target.Name = "same"
			family := "secret-read"
			if i == 1 {
				family = fmt.Sprint("family ", n)
			}
			a.Add(f, family, false)
		}
	}
	same, _ := one.Result()
	different, _ := two.Result()
	if same >= different {
		t.Errorf("two rules of one family give %d, of two families %d", same, different)
	}
}

func TestTacticOfSubtechnique(t *testing.T) {
	if got := tactic("t1552.007"); got != "credential-access" {
		t.Errorf("got %q", got)
	}
	if got := tactic("T9999"); got != "" {
		t.Errorf("an unknown technique has tactic %q", got)
	}
}
