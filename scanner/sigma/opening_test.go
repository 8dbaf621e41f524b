package sigma

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"
)

// TestRequiredTextsOfAlternatives: what alternatives have in common is not all
// that is looked for, and every match still holds one of the texts.
func TestRequiredTextsOfAlternatives(t *testing.T) {
	cases := []struct {
		expression, want string
		matches          []string
	}{
		{`(rm|shred)\s.*(/var/log/(audit|pods)|/var/lib/docker/.*-json\.log)`, "/var/log/audit /var/log/pods /var/lib/docker/", []string{"rm /var/log/pods", "shred x /var/lib/docker/a-json.log"}},
		{`/var/log|/var/lib`, "/var/log /var/lib", []string{"/var/log", "x/var/liby"}},
		{`/var/l(?:og|ib)?x`, "/var/log /var/lib /var/lx", []string{"/var/lx", "/var/logx"}},
		{`abc(d|)e`, "abc", []string{"abce", "abcde"}},
		{`abc(?:d|e)+f`, "abc", []string{"abcdedf"}},
		{`abc[de]f`, "abcdf abcef", []string{"abcdf"}},
		{`\b(ghp|gho|ghu)_[a-z]{3}|xox[abp]-`, "gho ghp ghu xoxa- xoxb- xoxp-", []string{"ghp_abc", "a xoxb-"}},
		{`(?i)(api_?key|access_?token)=`, "api_key apikey access_token accesstoken", []string{"API_KEY=", "accesstoken="}},
		{`(?i)(bask|bass)`, "bask bass", []string{"BASK", "ba\u017f\u017f", "bas\u212a"}},
		{`(?i:ba[x1])`, "bax ba1", []string{"BA1", "BaX"}},
		{`ab(c?)d`, "", []string{"abd", "abcd"}},
		{`ab[^c]d`, "", []string{"abxd"}},
		{`(?i)kube(config|let/pki)`, "kubeconfig kubelet/pki", []string{"KUBECONFIG", "kubelet/PKI"}},
		{`kube(?i:config|let)`, "kube", []string{"kubeCONFIG", "kubelet"}},
		{`a(b|c)`, "", []string{"ab", "ac"}},
		{`(/x(yz|zy)|/q)r`, "", []string{"/xyzr", "/qr"}},
	}
	for _, c := range cases {
		tree, err := syntax.Parse(c.expression, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		r := requiredOf(tree)
		var got []string
		for _, text := range r {
			got = append(got, string(text.text))
		}
		slices.Sort(got)
		want := strings.Fields(c.want)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s requires %q, want %q", c.expression, got, want)
		}
		for _, v := range c.matches {
			if !r.mayHold([]byte(v)) {
				t.Errorf("%s: %q was ruled out", c.expression, v)
			}
			if hints := needed(tree.Simplify()); len(hints) > 0 && !slices.ContainsFunc(hints, func(h string) bool { return strings.Contains(foldString(v), foldString(h)) }) {
				t.Errorf("%s: hints %q rule out %q", c.expression, hints, v)
			}
		}
	}
}

// TestNeedsMissNothing: whatever an expression matches, mayHold says yes of, be it bytes
// that are no UTF-8.
func TestNeedsMissNothing(t *testing.T) {
	for _, c := range []struct{ expression, text string }{
		{`[a-z]+://[^:@]+:[^@]+@\S+`, "see https://u:pass@host/ now"},
		{`abc\x{FFFD}def`, "abc\xffdef"},
		{`abc.*\x{FFFD}`, "abc \xff"},
		{`key=.*;`, "key=;"},
	} {
		tree, err := syntax.Parse(c.expression, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		if !regexp.MustCompile(c.expression).MatchString(c.text) {
			t.Fatalf("%s does not match %q", c.expression, c.text)
		}
		if !mayHold(needsOf(tree), []byte(c.text)) {
			t.Errorf("%s: ruled out of %q", c.expression, c.text)
		}
	}
	tree, err := syntax.Parse(`[a-z]+://[^:@]+:[^@]+@\S+`, syntax.Perl)
	if err != nil {
		t.Fatal(err)
	}
	if mayHold(needsOf(tree), []byte("GET https://host:80/ HTTP/1.1")) {
		t.Error("a URL without @ may hold a password")
	}
}

// TestNeedsOfWhatFollows: of parts that follow one another a text of each must be
// there.
func TestNeedsOfWhatFollows(t *testing.T) {
	tree, err := syntax.Parse(`(?i)"?(GET|POST|PUT) [^"]*(url|uri|target)=`, syntax.Perl)
	if err != nil {
		t.Fatal(err)
	}
	needs := needsOf(tree)
	for v, want := range map[string]bool{`"GET /?Url=x`: true, `put /a?target=`: true, `GET /healthz HTTP/1.1`: false, `url=x`: false, `uri GET `: true} {
		if got := mayHold(needs, []byte(v)); got != want {
			t.Errorf("%q may match: %v", v, got)
		}
	}
}

// TestLongExpressionsAreStudied: what follows one another however long, and whatever
// of it may be left out, is looked at once. (It took for ever.)
func TestLongExpressionsAreStudied(t *testing.T) {
	optional := strings.Repeat("a?b?[cd]?(?:ef)?", 100)
	for expression, match := range map[string]string{
		"secret" + optional:           "a secretacef",
		"secret(?:" + optional + ")+": "secretef",
		strings.Repeat("p\\^?", 200):  strings.Repeat("p", 200),
		"x{100}y{900}z{900}":          strings.Repeat("x", 100) + strings.Repeat("y", 900) + strings.Repeat("z", 900),
		strings.Repeat("(?:k(?:e", 150) + "y" + strings.Repeat(")?x)", 150): "kx",
		strings.Repeat("(", 200) + "key" + strings.Repeat("a)?b?", 200):     "keya",
		"(?i)\u212aey" + strings.Repeat("é", 300):                           "\u212aey" + strings.Repeat("É", 300),
	} {
		s := newStudy(expression, syntax.Perl)
		if s.err != nil || s.plain {
			t.Fatal(expression, s.err)
		}
		tree, err := syntax.Parse(expression, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		if !regexp.MustCompile(expression).MatchString(match) {
			t.Fatalf("%.40s: %.40q is no match", expression, match)
		}
		if !mayHold(needsOf(tree), []byte(match)) {
			t.Errorf("%.40s: %.40q was ruled out", expression, match)
		}
		for _, set := range s.needs {
			if !slices.ContainsFunc(set, func(n string) bool { return strings.Contains(foldString(match), foldString(n)) }) {
				t.Errorf("%.40s: hints %q rule out %.40q", expression, set, match)
			}
		}
	}
}
