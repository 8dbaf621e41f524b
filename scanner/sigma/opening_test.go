package sigma

import (
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
		{`/var/l(og|ib)?x`, "/var/l", []string{"/var/lx", "/var/logx"}},
		{`abc(d|)e`, "abc", []string{"abce", "abcde"}},
		{`abc(?:d|e)+f`, "abc", []string{"abcdedf"}},
		{`abc[de]f`, "abc", []string{"abcdf"}},
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
