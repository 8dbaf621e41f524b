package kubeaudit

import (
	"bytes"
	"strings"

	"tideline/parsers/internal/jsonfields"
)

// Fields of Cloud Logging entries by the names that rules use: Elastic's
// (gcp.audit.*), Datadog's (data.protoPayload.*), and the entry's own.

// cloudPaths are where in the entry a field is, in the order of preference;
// none if the name is of no field of entries.
func cloudPaths(name string) []string {
	switch {
	case cloudNames[name] != "":
		return []string{cloudNames[name]}
	case strings.HasPrefix(name, "data.protoPayload."):
		rest := strings.TrimPrefix(name, "data.protoPayload.")
		return []string{"protoPayload." + rest, rest} // public rules put members of the entry below its payload
	case strings.HasPrefix(name, "data."):
		return []string{strings.TrimPrefix(name, "data.")}
	case strings.HasPrefix(name, "protoPayload."):
		return []string{name}
	}
	return nil
}

func isCloudField(name string) bool { return cloudPaths(name) != nil }

// cloudField is the accessor of a field of the entry, or nil if the name is of
// none.
func cloudField(name string) accessor {
	names := cloudPaths(name)
	if names == nil {
		return nil
	}
	paths := make([]jsonfields.Path, len(names))
	for i, p := range names {
		paths[i] = jsonfields.Compile(p)
	}
	also := cloudAliases[names[len(names)-1]]
	return func(r *record, dst [][]byte) [][]byte {
		if r.entry == nil {
			return dst
		}
		n := len(dst)
		for i := 0; i < len(paths) && len(dst) == n; i++ {
			if value, sure := r.entry.cheaply(names[i]); sure && value != nil {
				dst = append(dst, value)
			} else if !sure {
				r.seen = everyHole
				dst = r.entry.full().Values(dst, paths[i])
			}
		}
		if also != nil && len(dst) > n {
			dst = also(r, dst, dst[n])
		}
		return dst
	}
}

// cheapNames are members of an entry that are known without its full parse, and tell
// nothing of what stands in holes.
var cheapNames = map[string]int{
	"protoPayload.methodName": entryMethod, "protoPayload.serviceName": entryService, "logName": entryLogName, "resource.type": entryType,
	"protoPayload.authenticationInfo.principalEmail": entryEmail, "protoPayload.requestMetadata.callerIp": entryIP, "protoPayload.status.code": entryCode,
}

// missingNames are paths that lead nowhere if the member in the slot is missing.
var missingNames = map[string]int{"protoPayload.logName": entryInnerLog, "protoPayload.resource.type": entryInnerResource}

// cheaply is the value of a member of an entry, nil if it has none; sure is false if that
// takes the full parse.
func (e *entry) cheaply(name string) (value []byte, sure bool) {
	if e.doc != nil {
		return nil, false
	}
	if slot, ok := cheapNames[name]; ok {
		return e.text(slot), true
	}
	slot, ok := missingNames[name]
	return nil, ok && !e.head.Has(slot)
}

// cloudAliases add to the value of a member what public rules ask for in its
// place and no entry holds as such.
var cloudAliases = map[string]func(r *record, dst [][]byte, value []byte) [][]byte{
	"protoPayload.methodName": (*record).methodAliases,
	"methodName":              (*record).methodAliases,
	"logName":                 logAlias,
}

// batchKinds are the objects that public rules know by the name of their type.
var batchKinds = map[string]string{"jobs": "Job", "cronjobs": "CronJob"}

// methodAliases are names of the method io.k8s.GROUP.VERSION.RESOURCE.VERB of
// an API server: with the group as Kubernetes spells it
// (admissionregistration.k8s.io.v1.mutatingwebhookconfigurations.create), and
// for batch, where it writes, the name of the type (io.k8s.api.batch.v1.Job).
// The rules are SigmaHQ's gcp_kubernetes_admission_controller and _cronjob.
func (r *record) methodAliases(dst [][]byte, method []byte) [][]byte {
	group, version, resource, verb := r.group(), r.text(slotVersion), r.text(slotResource), r.text(slotVerb)
	if !bytes.HasPrefix(method, []byte("io.k8s.")) || len(group) == 0 || len(version) == 0 {
		return dst
	}
	dst = append(dst, bytes.Join([][]byte{group, version, resource, verb}, []byte(".")))
	if kind := batchKinds[string(resource)]; kind != "" && string(group) == "batch" && azureVerbs[string(verb)] == "WRITE" {
		dst = append(dst, []byte("io.k8s.api.batch."+string(version)+"."+kind))
	}
	return dst
}

// logAlias is the name of a log without the project that it is in.
func logAlias(_ *record, dst [][]byte, name []byte) [][]byte {
	if _, log, ok := bytes.Cut(name, []byte("/logs/")); ok {
		dst = append(dst, log)
	}
	return dst
}

// cloudKeys are the keys of labels and annotations of the entry and of the
// object it brings. Rules for Google's logs search for them as words
// (image-policy.k8s.io/break-glass), as its log viewer does.
func (r *record) cloudKeys(dst [][]byte) [][]byte {
	root := r.entry.full().Root()
	meta := root.Get("protoPayload").Get("request").Get("metadata")
	for _, labels := range [...]jsonfields.Value{root.Get("labels"), meta.Get("labels"), meta.Get("annotations")} {
		for k := range labels.Members {
			dst = append(dst, k)
		}
	}
	return dst
}

// cloudNames are Elastic's names for members of an entry (integration gcp,
// data stream audit).
var cloudNames = map[string]string{
	"gcp.audit.method_name":                                 "protoPayload.methodName",
	"gcp.audit.service_name":                                "protoPayload.serviceName",
	"gcp.audit.resource_name":                               "protoPayload.resourceName",
	"gcp.audit.type":                                        "protoPayload.@type",
	"gcp.audit.authentication_info.principal_email":         "protoPayload.authenticationInfo.principalEmail",
	"gcp.audit.authentication_info.authority_selector":      "protoPayload.authenticationInfo.authoritySelector",
	"gcp.audit.authorization_info.permission":               "protoPayload.authorizationInfo.permission",
	"gcp.audit.authorization_info.granted":                  "protoPayload.authorizationInfo.granted",
	"gcp.audit.request_metadata.caller_ip":                  "protoPayload.requestMetadata.callerIp",
	"gcp.audit.request_metadata.caller_supplied_user_agent": "protoPayload.requestMetadata.callerSuppliedUserAgent",
	"gcp.audit.status.code":                                 "protoPayload.status.code",
	"gcp.audit.status.message":                              "protoPayload.status.message",
}
