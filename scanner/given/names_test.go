package given

import (
	"fmt"
	"testing"

	"tideline/scanner/block"
	"tideline/scanner/finding"
)

func TestAResponseNamesWhatItBrought(t *testing.T) {
	fields := map[string][]string{FieldItemName: {"db", "", "tls"}, FieldItemNamespace: {"prod", "prod", "dev"}}
	look := func(name string) []string { return fields[name] }
	all := finding.Exposed{Kind: "secret", Name: "*", Certainty: finding.Obtained}
	if got := fmt.Sprint(returned([]finding.Exposed{all}, look)); got != "[{secret prod db obtained} {secret dev tls obtained}]" {
		t.Errorf("got %s", got)
	}
	fields[FieldItemNamespace] = nil
	all.Namespace = "prod"
	if got := fmt.Sprint(returned([]finding.Exposed{all}, look)); got != "[{secret prod db obtained} {secret prod tls obtained}]" {
		t.Errorf("items without namespace: got %s", got)
	}
	for _, e := range []finding.Exposed{{Kind: "secret", Name: "*", Certainty: finding.Attempted},
		{Kind: "secret", Name: "db", Certainty: finding.Obtained}, {Kind: "log-line", Name: "*", Certainty: finding.Obtained}} {
		if got := returned([]finding.Exposed{e}, look); got != nil {
			t.Errorf("%+v: got %v", e, got)
		}
	}
}

func TestAllOfThoseWithALabel(t *testing.T) {
	const list = "/api/v1/secrets?limit=500"
	for uri, want := range map[string]string{
		list:                                    "*",
		list + "&labelSelector=owner%3Dhelm":    "* with owner=helm",
		list + "&labelSelector=owner%3D%3Dhelm": "* with owner=helm",
		list + "&labelSelector=name%3Dcart%2Cowner%3Dhelm%2Cstatus%21%3Dsuperseded": "* with name=cart,owner=helm",
		list + "&labelSelector=owner%21%3Dhelm":                                     "*",
		list + "&labelSelector=%21owner":                                            "*",
		list + "&labelSelector=owner":                                               "*",
		list + "&labelSelector=owner+notin+%28a%3Db%29":                             "*",
		list + "&labelSelector=owner+notin+%28helm%2Cx%3Dy%29":                      "*",
		list + "&labelSelector=&labelSelector=owner%3Dhelm":                         "*",
		list + "&labelSelector=owner%3Dhelm%zz":                                     "*",
		"/api/v1/secrets#labelSelector=owner%3Dhelm":                                "*",
		list + "&fieldSelector=labelSelector%3Downer%3Dhelm":                        "*",
		list + "&fieldSelector=x&labelSelector=owner%3D":                            "*",
	} {
		e := finding.Exposed{Kind: "secret", Name: "*"}
		narrowed(&e, func(string) []string { return []string{uri} })
		if e.Name != want {
			t.Errorf("%s took %q, want %q", uri, e.Name, want)
		}
	}
	e := finding.Exposed{Kind: "file", Name: "*"}
	narrowed(&e, func(string) []string { return []string{list + "&labelSelector=owner%3Dhelm"} })
	if e.Name != "*" {
		t.Error("files have no labels")
	}
}

// TestLabels: a story says with which labels a list was narrowed, unless all was taken.
func TestLabels(t *testing.T) {
	for want, names := range map[string][]string{
		"owner=helm": {"a", "* with owner=helm", "* with owner=other"},
		"":           {"* with owner=helm", "*"},
	} {
		var exposed []finding.Exposed
		for _, name := range names {
			exposed = append(exposed, finding.Exposed{Kind: "secret", Name: name})
		}
		if got := Labels(exposed); got != want {
			t.Errorf("%q: %q, want %q", names, got, want)
		}
	}
}

// TestACredentialOfAPodHasOneName: whichever log tells of it.
func TestACredentialOfAPodHasOneName(t *testing.T) {
	for name, want := range map[string]string{
		"pod prod/web-0":              "prod pod web-0",
		"k8s_app_web-0_prod_6c1f_0":   "prod pod web-0",
		"k8s_app_web-0_prod":          "prod pod web-0",
		"mounted into k8s_a_web-0_ns": "ns mounted into pod web-0",
		"web":                         " web",
		"k8s_app_web":                 " k8s_app_web",
		"k8s_app_web-0_prod:/etc/x":   " k8s_app_web-0_prod:/etc/x",
		"node of pods x/y":            " node of pods x/y",
		"/etc/kubernetes/k8s_x":       " /etc/kubernetes/k8s_x",
		"*":                           " *",
	} {
		e := finding.Exposed{Kind: "environment", Name: name}
		if podNamed(&e); e.Namespace+" "+e.Name != want {
			t.Errorf("%s is called %q in %q, want %q", name, e.Name, e.Namespace, want)
		}
	}
	e := finding.Exposed{Kind: "environment", Namespace: "a", Name: "pod b/c"}
	if podNamed(&e); e.Namespace != "a" || e.Name != "pod b/c" {
		t.Errorf("what is of a namespace became %v", e)
	}
}

func TestAFileIsCalledByItsPath(t *testing.T) {
	for _, c := range [][3]string{
		{"kubeconfig", "in the command /usr/bin/cat /etc/kubernetes/admin.conf", "/etc/kubernetes/admin.conf"}, {"file", "in the command tar czf /tmp/a /etc/kubernetes", "/etc/kubernetes"},
		{"secret", "in the command kubectl get secret db -o yaml", "in the command kubectl get secret db -o yaml"}, {"secret", "a=/b", "a=/b"}, {"file", "in the command docker run -v /:/h alpine", "in the command docker run -v /:/h alpine"},
		{"certificate", "if=/etc/kubernetes/pki/ca.key", "/etc/kubernetes/pki/ca.key"}, {"cloud-credential", "f=@/root/.aws/credentials", "/root/.aws/credentials"},
		{"kubeconfig", "@/etc/kubernetes/admin.conf", "/etc/kubernetes/admin.conf"}, {"certificate", "root@cp1:/etc/kubernetes/pki/ca.key", "root@cp1:/etc/kubernetes/pki/ca.key"},
		{"file", "/a=/b", "/a=/b"}, {"secret", "a=/b", "a=/b"}, {"file", "*", "*"},
	} {
		e := finding.Exposed{Kind: c[0], Name: c[1]}
		if fileNamed(&e); e.Name != c[2] {
			t.Errorf("%s %s is called %s, want %s", c[0], c[1], e.Name, c[2])
		}
	}
}

// TestOutcomeBoundsTheClaim: a request that was refused gave nothing away.
func TestOutcomeBoundsTheClaim(t *testing.T) {
	e := &block.Expose{Kind: "secret"}
	for outcome, want := range map[string]string{"allowed": finding.Obtained, "denied": finding.Attempted, "failed": finding.Attempted, "unknown": finding.Possible} {
		if got := expose(e, outcome, func(string) []string { return nil }); got.Certainty != want || got.Name != "*" {
			t.Errorf("%s: %+v, want %s", outcome, got, want)
		}
	}
}
