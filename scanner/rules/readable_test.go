package rules_test

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tideline/scanner/rules"
	"tideline/scanner/sigma"
)

// longestLine is how long a line of a rule or a list may be: what is longer is read by
// nobody. An expression that is an alternation is a list of them, one idea a line, and
// what several rules need is a list of its own, behind |re|expand.
const longestLine = 200

// TestLinesCanBeRead also holds lists to it; addresses, which cannot be folded, are free.
func TestLinesCanBeRead(t *testing.T) {
	for _, file := range slices.Concat(rules.Files(), rules.Lists()) {
		for i, line := range strings.Split(string(read(t, file)), "\n") {
			if len(line) > longestLine && !strings.HasPrefix(strings.TrimSpace(line), "- https://") {
				t.Errorf("%s:%d: %d characters, more than %d: fold it, or make a list of the alternatives", file, i+1, len(line), longestLine)
			}
		}
	}
}

var (
	expandsExpression = regexp.MustCompile(`\|re\b[a-z|]*\|expand\b`)
	listName          = regexp.MustCompile(`%([a-z0-9_]+)%`)
)

// TestExpressionsOfListsStayTogether: the value of a list is put into an expression as it
// is, so that an alternation without parentheses would take the text around it apart.
func TestExpressionsOfListsStayTogether(t *testing.T) {
	lists, errs := placeholders()
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	seen := 0
	for _, r := range load(t).Rules() {
		under := false
		for i, line := range strings.Split(string(read(t, r.Path)), "\n") {
			text := strings.TrimSpace(line)
			switch {
			case expandsExpression.MatchString(text):
				under = true
			case !strings.HasPrefix(text, "- '") && !strings.HasPrefix(text, "## "):
				under = false
			}
			if !under {
				continue
			}
			for _, at := range listName.FindAllStringIndex(line, -1) {
				name := line[at[0]+1 : at[1]-1]
				alone := line[at[0]-1] == '\'' && line[at[1]] == '\''
				held := strings.ContainsRune("(|", rune(line[at[0]-1])) && strings.ContainsRune(")|", rune(line[at[1]]))
				for _, v := range lists[name] {
					if seen++; !alone && !held && alternates(v) {
						t.Errorf("%s:%d: %q of the list %s wants parentheses around %%%s%%", r.Path, i+1, v, name, name)
					}
				}
			}
		}
	}
	if seen < 300 {
		t.Errorf("%d values of lists were looked at", seen)
	}
}

// alternates reports whether an expression is an alternation that no group holds, or sets
// a flag for what follows.
func alternates(s string) bool {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '[':
			i += max(1, strings.IndexByte(s[i+1:], ']')) // none of ours has a ] of its own but behind a backslash
		case '(':
			depth++
		case ')':
			depth--
		case '|':
			if depth == 0 {
				return true
			}
		}
	}
	return strings.HasPrefix(s, "(?")
}

// TestOneCommandIsJudgedAlike gives the same command to the rules of every log that tells
// what was run in a container: what one of them takes for a credential that is read, so do
// all. Where they differ on purpose, a rule says so.
func TestOneCommandIsJudgedAlike(t *testing.T) {
	set := load(t)
	// The fields that say what kind of act it is, per rule.
	exec := map[string]any{"objectRef.resource": "pods", "objectRef.subresource": "exec"}
	proxied := map[string]any{"objectRef.resource": "nodes", "objectRef.subresource": "proxy", "k8s.path": "/proxy/exec/"}
	kubelet := map[string]any{"kubelet.endpoint": "exec", "responseStatus.code": 101}
	docker := map[string]any{"docker.action": "exec_create"}
	client := map[string]any{"cli.tool": "docker", "cli.verb": "exec"}
	environment := map[string]map[string]any{"k8s-exec-env-dump": exec, "k8s-nodes-proxy-environment": proxied,
		"dev-exec-credential": docker, "dkd-exec-credential": docker, "exe-docker-exec-env": client}
	file := map[string]map[string]any{"k8s-exec-credential-file": exec, "htl-kubelet-credential-file": kubelet,
		"dev-exec-credential": docker, "dkd-exec-credential": docker, "exe-docker-exec-env": client}
	token := map[string]map[string]any{"k8s-exec-sa-token-read": exec, "k8s-nodes-proxy-credential": proxied, "htl-kubelet-credential": kubelet,
		"dev-exec-credential": docker, "dkd-exec-credential": docker, "exe-docker-exec-env": client}
	// Of an event of Docker, which has no more than the command, a word is enough.
	const byWord = "kubectl get pods -n secrets"
	for _, c := range []struct {
		command string
		in      map[string]map[string]any
		want    bool
	}{
		{"sh -c toybox printenv", environment, true},
		{"bash -c declare -px", environment, true},
		{"sh -c cat /proc/1/en*", environment, true},
		{"awk BEGIN{for(k in ENVIRON)print k,ENVIRON[k]}", environment, true},
		{"php -r print_r($_SERVER);", environment, true},
		{"pwsh -Command gci env:", environment, true},
		{"python3 -c import os;print(dict(os.environ))", environment, true},
		{"perl -e print %ENV", environment, true},
		{"sh -c echo $API_TOKEN", environment, true},
		{"ls -l /proc/1/environ", environment, false},
		{"bash -c test -r /proc/1/environ || exit 1", environment, false},
		{"env DEBUG=1 app serve", environment, false},
		{"cat /etc/kubernetes/azure.json", file, true},
		{"cat /var/lib/kubelet/pki/kubelet-client-current.pem", file, true},
		{"cat /app/config/secrets/db", file, true},
		{"head /home/app/.pgpass", file, true},
		{"cat /srv/terraform.tfstate", file, true},
		{"cat /app/appsettings.Production.json", file, true},
		{"cat /app/.env", file, true},
		{"cat /tls/tls.key", file, true},
		{"psql -c select * from pg_shadow", file, true},
		{"jcmd 1 GC.heap_dump /tmp/h", file, true},
		{"find / -name id_rsa*", file, true},
		{"grep -rIl passw /srv", file, true},
		{"stat /home/app/.pgpass", file, false},
		{byWord, file, false},
		{"cat /etc/nginx/nginx.conf", file, false},
		{"cat /var/run/secrets/kubernetes.io/serviceaccount/token", token, true},
		{"sh -c cat $AWS_WEB_IDENTITY_TOKEN_FILE", token, true},
		{"tar czf - /run/secrets", token, true},
		{"wc -c /var/run/secrets/kubernetes.io/serviceaccount/token", token, false},
		{"cat /var/run/secrets/kubernetes.io/serviceaccount/namespace", token, false},
	} {
		for i, r := range set.Rules() {
			fields, ok := c.in[r.Name]
			if !ok || c.command == byWord && r.Name == "dev-exec-credential" {
				continue
			}
			event := map[string]any{"k8s.cmd": c.command, "docker.cmd": c.command, "cmdline": "docker exec web " + c.command}
			for k, v := range fields {
				event[k] = v
			}
			if got := set.Holds(i, newEvent(set, event)); got != c.want {
				t.Errorf("%s of %q: %v, want %v", r.Name, c.command, got, c.want)
			}
		}
	}
}

// TestListsOfExpressionsCanBeRun compiles every value of the files of expressions alone, so
// that a fault is that of a line and not of the rules that use it.
func TestListsOfExpressionsCanBeRun(t *testing.T) {
	for _, file := range []string{"commands.yml", "credential-files.yml"} {
		lists, err := sigma.ParseLists(file, read(t, path.Join("lists", file)))
		if err != nil {
			t.Fatal(err)
		}
		for name, values := range lists {
			for _, v := range values {
				if _, err := regexp.Compile(v); err != nil {
					t.Errorf("%s: %s: %v", file, name, err)
				}
			}
		}
	}
}
