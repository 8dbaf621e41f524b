package kubeaudit

// Events as API servers write them, made up for these tests.
const (
	listSecrets = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"5b0d9a6e-0c1f-4c55-8f2b-1f5a1f0c7d11","stage":` +
		`"ResponseComplete","requestURI":"/api/v1/namespaces/prod/secrets?limit=500\u0026watch=false","verb":"list","user":{"username":` +
		`"system:serviceaccount:prod:web","uid":"7d1f","groups":["system:serviceaccounts","system:authenticated"],"extra":` +
		`{"authentication.kubernetes.io/credential-id":["JTI=1c9e"],"authentication.kubernetes.io/pod-name":["web-7c"]}},"sourceIPs":` +
		`["203.0.113.9","10.0.3.7"],"userAgent":"curl/8.5.0","objectRef":{"resource":"secrets","namespace":"prod","apiVersion":"v1"},` +
		`"responseStatus":{"metadata":{},"code":200},"requestReceivedTimestamp":"2026-03-01T10:00:00.123456Z","stageTimestamp":` +
		`"2026-03-01T10:00:00.130001Z","annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":` +
		`"RBAC: allowed by RoleBinding \"web/prod\""}}`
	execShell = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a1","stage":"ResponseStarted","requestURI":` +
		`"/api/v1/namespaces/prod/pods/db-0/exec?command=sh&command=-c&command=env+%7C+grep+-i+pass&stdout=true","verb":"get","user":` +
		`{"username":"ann"},"impersonatedUser":{"username":"system:admin","groups":["system:masters"]},"sourceIPs":["10.0.9.8"],` +
		`"userAgent":"kubectl/v1.31.0","objectRef":{"resource":"pods","namespace":"prod","name":"db-0","apiVersion":"v1","subresource":` +
		`"exec"},"responseStatus":{"metadata":{},"code":101},"requestReceivedTimestamp":"2026-03-01T10:01:00.000000Z"}`
	notAuthenticated = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"u1","stage":"ResponseStarted","requestURI":"/api",` +
		`"verb":"get","user":{},"sourceIPs":["8.8.8.8"],"responseStatus":{"metadata":{},"status":"Failure","message":` +
		`"Authentication failed, attempted: bearer","code":401},"requestReceivedTimestamp":"2026-03-01T10:02:00.000000Z"}`
	createPod = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Request","auditID":"p1","stage":"ResponseComplete","requestURI":` +
		`"/api/v1/namespaces/dev/pods","verb":"create","user":{"username":"eve"},"sourceIPs":["10.0.0.1"],"objectRef":{"resource":"pods",` +
		`"namespace":"dev","name":"shell","apiVersion":"v1"},"responseStatus":{"metadata":{},"code":201},"requestObject":{"kind":"Pod",` +
		`"metadata":{"name":"shell","annotations":{"team":"web"},"ownerReferences":[{"kind":"Job"}]},"spec":{"hostPID":true,` +
		`"serviceAccountName":"admin","volumes":[{"name":"root","hostPath":{"path":"/"}},{"name":"s","secret":{"secretName":"db"}},` +
		`{"name":"p","projected":{"sources":[{"secret":{"name":"tls"}}]}}],"initContainers":[{"image":"busybox","command":["id"]}],` +
		`"containers":[{"name":"c","image":"alpine:3","command":["sh","-c"],"args":["nsenter -t 1"],"env":[{"name":"A","value":"b"},` +
		`{"name":"S","valueFrom":{"secretKeyRef":{"name":"api","key":"k"}}}],"envFrom":[{"secretRef":{"name":"all"}}],` +
		`"securityContext":{"privileged":true,"capabilities":{"add":["SYS_ADMIN","NET_RAW"]}}}]}},` +
		`"requestReceivedTimestamp":"2026-03-01T10:03:00.000000Z"}`
	beta = `{"kind":"Event","apiVersion":"audit.k8s.io/v1alpha1","level":"Metadata","timestamp":"2018-05-01T08:00:00Z","auditID":"b1","stage":` +
		`"ResponseComplete","requestURI":"/apis/apps/v1/namespaces/x/deployments/d","verb":"delete","user":{"username":"bob"},"sourceIPs":` +
		`["::1"],"objectRef":{"resource":"deployments","namespace":"x","name":"d","apiVersion":"apps/v1"},"responseStatus":{"metadata":{},` +
		`"status":"Failure","reason":"NotFound","code":404}}`
	legacyLine = `2026-03-01T10:00:00.123456Z AUDIT: id="5b0d" stage="ResponseComplete" ip="10.0.3.7" method="list" user=` +
		`"system:serviceaccount:default:web" groups="\"system:serviceaccounts\",\"system:authenticated\"" as="<self>" asgroups="<lookup>" ` +
		`user-agent="curl/8.5.0" namespace="default" uri="/api/v1/namespaces/default/secrets?limit=5" response="200"`
	cloudEntry = `{"insertId":"94170ac4","labels":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":"","other":"x"},"logName":` +
		`"projects/P/logs/cloudaudit.googleapis.com%2Fdata_access","operation":{"first":true,"id":"op-1","last":true,"producer":"k8s.io"},` +
		`"protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","authenticationInfo":{"principalEmail":"a@b.c"},` +
		`"authorizationInfo":[{"granted":true,"permission":"io.k8s.core.v1.secrets.list","resource":"core/v1/secrets"}],"methodName":` +
		`"io.k8s.core.v1.secrets.list","requestMetadata":{"callerIp":"192.0.2.1","callerSuppliedUserAgent":"kubectl/v1.29"},"resourceName":` +
		`"core/v1/secrets","serviceName":"k8s.io","status":{}},"receiveTimestamp":"2026-03-01T10:00:01Z","resource":{"labels":` +
		`{"cluster_name":"prod-1","location":"l","project_id":"p"},"type":"k8s_cluster"},"timestamp":"2026-03-01T10:00:00.5Z"}`
)

// headNames are the names of all members of the head.
func headNames() []string {
	var names []string
	for _, h := range headPaths {
		names = append(names, h.path.String())
	}
	return names
}
