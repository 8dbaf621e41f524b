package kubeaudit

import (
	"testing"

	"tideline/parsers/parsertest"
)

func TestConformance(t *testing.T) {
	fields := []string{"verb", "k8s.ok", "k8s.scope", "k8s.cmd", "responseStatus.code", "objectRef.apiGroup"}
	parsertest.Run(t, Format,
		parsertest.Case{Name: "list-secrets", Input: listSecrets + "\n" + notAuthenticated + "\n", Fields: fields,
			Want: []string{
				"2026-03-01T10:00:00.123456Z system:serviceaccount:prod:web list secrets prod/ allowed " +
					"[kubernetes-audit: verb=list k8s.ok=true k8s.scope=namespace responseStatus.code=200 responseStatus.code=ALLOW]",
				"2026-03-01T10:02:00Z - get - / denied [kubernetes-audit: verb=get k8s.ok=false responseStatus.code=401]",
			},
			Foreign: []string{
				`{"kind":"Event","apiVersion":"v1","metadata":{"name":"x"},"reason":"Started"}`, `{"kind":0}`, `{}`, `[]`, `[1,"a"]`, `null`,
				`{"kind":"EventList","apiVersion":"v1","items":[{"reason":"Started"}]}`, "type=SYSCALL msg=audit(1:1): x", "", "AUDIT: no",
			}},
		parsertest.Case{Name: "exec", Input: execShell + "\n", Fields: fields,
			Want: []string{"2026-03-01T10:01:00Z ann get pods/exec prod/db-0 allowed $ sh -c env | grep -i pass " +
				"[kubernetes-audit: verb=get k8s.ok=true k8s.scope=object k8s.cmd=sh -c env | grep -i pass responseStatus.code=101]"}},
		parsertest.Case{Name: "pod", Input: createPod + "\n", Fields: []string{"k8s.pod.images", "requestObject.spec.hostPID"},
			Want: []string{"2026-03-01T10:03:00Z eve create pods dev/shell allowed [kubernetes-audit: k8s.pod.images=alpine:3 " +
				"k8s.pod.images=busybox requestObject.spec.hostPID=true]"}},
		parsertest.Case{Name: "beta", Input: beta + "\n", Fields: fields,
			Want: []string{"2018-05-01T08:00:00Z bob delete deployments x/d failed [kubernetes-audit: verb=delete k8s.ok=false " +
				"k8s.scope=object responseStatus.code=404 objectRef.apiGroup=apps]"}},
		parsertest.Case{Name: "legacy", Input: legacyLine + "\n", Fields: fields,
			Want: []string{"2026-03-01T10:00:00.123456Z system:serviceaccount:default:web list secrets default/ allowed " +
				"[kubernetes-audit: verb=list k8s.ok=true k8s.scope=namespace responseStatus.code=200]"}},
		parsertest.Case{Name: "cloud", Input: cloudEntry + "\n", Fields: []string{"verb", "k8s.scope", "gcp.audit.method_name"},
			Want: []string{"2026-03-01T10:00:00.5Z a@b.c list secrets / allowed " +
				"[kubernetes-audit: verb=list k8s.scope=cluster gcp.audit.method_name=io.k8s.core.v1.secrets.list] " +
				"[gcp-audit: verb=list k8s.scope=cluster gcp.audit.method_name=io.k8s.core.v1.secrets.list]"}},
		parsertest.Case{Name: "rancher", Input: rancherRequest + "\n" + rancherAnswer + "\n" + rancherBoth + "\n", Fields: []string{"verb", "user.groups", "sourceIPs", "objectRef.apiGroup", "responseStatus.code", "requestObject.a"},
			Want: []string{
				"2018-07-20T02:22:43Z user-f4tt2 list secrets prod/ unknown [kubernetes-audit: verb=list user.groups=system:authenticated sourceIPs=::1]",
				"2018-07-20T02:22:44Z - - - / denied [kubernetes-audit: responseStatus.code=403]",
				"2023-03-30T15:30:10Z user-x post - / allowed [kubernetes-audit: verb=post user.groups=a sourceIPs=10.0.0.1 responseStatus.code=200 requestObject.a=b]",
			}},
		parsertest.Case{Name: "event-list", Records: []string{
			`{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[` + listSecrets + `,` + execShell + `]}`,
			`[` + notAuthenticated + `,` + beta + `]`}, Fields: fields},
		parsertest.Case{Name: "pretty", Records: []string{
			"{\n  \"kind\": \"Event\",\n  \"apiVersion\": \"audit.k8s.io/v1\",\n  \"level\": \"Metadata\",\n  \"auditID\": \"q\",\n" +
				"  \"stage\": \"RequestReceived\",\n  \"verb\": \"get\",\n  \"user\": {\n    \"username\": \"ann\"\n  }\n}\n"}, Fields: fields},
	)
}
