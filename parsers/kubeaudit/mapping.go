package kubeaudit

import "tideline/parsers"

// mapping is what the fields of rules stand for. "Body" is requestObject, or
// responseObject if that was not logged; pods are those of the body, or of the
// configuration kubectl apply left in it; of a JSON patch they are what its
// operations bring. A key that occurs twice gives the values of both.
var mapping = []parsers.Mapping{
	{Field: "*", Is: "the member of the event at that dotted path, arrays on the way standing for each of their members; numbers keep their digits"},
	{Field: "kubernetes.audit.*", Is: "the same without that prefix (Elastic)"},
	{Field: "responseStatus.code", Is: "the status; and ALLOW or FORBID as a second value if the authoriser's decision is known, which a public rule asks for"},
	{Field: "objectRef.apiGroup apiGroup", Is: "objectRef.apiGroup, of old events the group part of objectRef.apiVersion"},
	{Field: "resource subresource namespace name", Is: "objectRef's member of that name"},
	{Field: "username", Is: "user.username"},
	{Field: "hostPath k8s.pod.hostPaths", Is: "paths of hostPath volumes of the body's pods; one that is spelled oddly (//, /./, /etc/) in plain besides"},
	{Field: "capabilities k8s.pod.caps", Is: "capabilities added to any container of the body's pods"},
	{Field: "privileged k8s.pod.privileged", Is: "whether any container of the body's pods is privileged: true, false"},

	{Field: "k8s.ok", Is: "whether the status is 200-299, 101 or 0: true, false"},
	{Field: "k8s.scope", Is: "how much one request reaches: object, namespace or cluster"},
	{Field: "k8s.actor", Is: "impersonatedUser.username, else user.username"},
	{Field: "k8s.onBehalf", Is: "impersonatedUser.username, if it is no name of the cluster's own (system:*): for whom a platform passes a request on"},
	{Field: "k8s.ownNamespace k8s.ownName", Is: "namespace and name of the service account that user.username names"},
	{Field: "k8s.cmd", Is: "decoded command= parameters of requestURI, joined by spaces (/proxy/run: cmd=); if paths or words in them are spelled oddly (//, /./, ''), the plain spelling besides"},
	{Field: "k8s.path", Is: "decoded path of requestURI"},
	{Field: "k8s.kubeletPod", Is: "namespace/pod that a request through nodes/proxy (/run, /exec, /attach, /portForward, /containerLogs, /checkpoint) names"},
	{Field: "k8s.src_public", Is: "whether the last of sourceIPs is globally routable: true, false"},
	{Field: "k8s.annotations", Is: "metadata.annotations of the body as key=value"},
	{Field: "k8s.pod.images", Is: "of all containers, init and ephemeral ones included; those of workflows of Argo and tasks of Tekton too"},
	{Field: "k8s.pod.command", Is: "per container, command, args and script joined by spaces; and each command of its probes and hooks (postStart, preStop)"},
	{Field: "k8s.pod.hostPID k8s.pod.hostIPC k8s.pod.hostNetwork", Is: "true, false"},
	{Field: "k8s.pod.serviceAccount", Is: "serviceAccountName"},
	{Field: "k8s.pod.secretRefs", Is: "secrets mounted, projected or put into the environment"},
	{Field: "k8s.pod.env", Is: "NAME=value of literal values"},
	{Field: "k8s.pod.ownerKind", Is: "kinds of metadata.ownerReferences"},
	{Field: "k8s.role.grants", Is: "resource:verb per entry of a role; escalate, bind, impersonate also alone"},
	{Field: "k8s.role.wildcard", Is: `whether "*" is among verbs or resources: true, false`},
	{Field: "k8s.role.verbs", Is: "all verbs of a role"},
	{Field: "k8s.csr.cn k8s.csr.o", Is: "common names and organisations of a certificate request, of cert-manager's CertificateRequest and Certificate too"},
	{Field: "k8s.webhook.url k8s.webhook.resources", Is: "clientConfig.url of admission webhooks, and the resources that are sent to them"},

	{View: "gcp-audit", Field: "gcp.audit.*", Is: "the member of Google's AuditLog that Elastic calls so"},
	{View: "gcp-audit", Field: "gcp.audit.method_name protoPayload.methodName data.protoPayload.methodName",
		Is: "methodName; and of API servers GROUP.VERSION.RESOURCE.VERB, of batch also io.k8s.api.batch.VERSION.KIND"},
	{View: "gcp-audit", Field: "data.protoPayload.* data.* protoPayload.*", Is: "the member of the Cloud Logging entry at that path; below data.protoPayload also members beside protoPayload"},
	{View: "gcp-audit", Field: "data.logName data.protoPayload.logName", Is: "logName, and its part behind /logs/"},
	{View: "azure-operations", Field: "operationName",
		Is: "the operation of Azure RBAC that verb and objectRef stand for, for AKS and for Arc: MICROSOFT.CONTAINERSERVICE/MANAGEDCLUSTERS/PODS/DELETE, MICROSOFT.KUBERNETES/CONNECTEDCLUSTERS/..."},
}
