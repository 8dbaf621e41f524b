package kubeaudit

import (
	"strings"

	"tideline/parsers/internal/cheapjson"
	"tideline/parsers/internal/jsonfields"
)

// Slots of the head: the members of an event that the cheap pass reads.
const (
	slotKind = iota
	slotAPIVersion
	slotLevel
	slotAuditID
	slotStage
	slotURI
	slotVerb
	slotUser
	slotUID
	slotGroups
	slotCredential
	slotPodName
	slotNodeName
	slotAccessKey
	slotAs
	slotAsGroups
	slotIPs
	slotAgent
	slotResource
	slotNamespace
	slotName
	slotSubresource
	slotGroup
	slotVersion
	slotCode
	slotStatus
	slotReason
	slotMessage
	slotReceived
	slotStageTime
	slotTimestamp
	slotCreated
	slotDecision
	slotDecisionWhy
	slotIssued
	slotLegacyToken
	slotLegacyInvalid
	slotStaleToken
	slotViolations
	slotTruncated
	slotRequest
	slotResponse
	slotItems
	slotProto
	slotObjectUID
	slotObjectVersion
	slotShipped
	slotDate
)

// heads are the members of the head, in the order in which API servers write
// them (audit.k8s.io/v1, type Event), which is the quickest to read.
var heads = []cheapjson.Field{
	{Type: cheapjson.Text, Slot: slotKind, Keys: []string{"kind"}},
	{Type: cheapjson.Text, Slot: slotAPIVersion, Keys: []string{"apiVersion"}},
	{Type: cheapjson.Text, Slot: slotCreated, Keys: []string{"metadata", "creationTimestamp"}},
	{Type: cheapjson.Text, Slot: slotLevel, Keys: []string{"level"}},
	{Type: cheapjson.Text, Slot: slotTimestamp, Keys: []string{"timestamp"}},
	{Type: cheapjson.Text, Slot: slotAuditID, Keys: []string{"auditID"}},
	{Type: cheapjson.Text, Slot: slotStage, Keys: []string{"stage"}},
	{Type: cheapjson.Escaped, Slot: slotURI, Keys: []string{"requestURI"}},
	{Type: cheapjson.Text, Slot: slotVerb, Keys: []string{"verb"}},
	{Type: cheapjson.Text, Slot: slotUser, Keys: []string{"user", "username"}},
	{Type: cheapjson.Text, Slot: slotUID, Keys: []string{"user", "uid"}},
	{Type: cheapjson.Texts, Slot: slotGroups, Keys: []string{"user", "groups"}},
	{Type: cheapjson.Texts, Slot: slotCredential, Keys: []string{"user", "extra", "authentication.kubernetes.io/credential-id"}},
	{Type: cheapjson.Texts, Slot: slotNodeName, Keys: []string{"user", "extra", "authentication.kubernetes.io/node-name"}},
	{Type: cheapjson.Texts, Slot: slotPodName, Keys: []string{"user", "extra", "authentication.kubernetes.io/pod-name"}},
	{Type: cheapjson.Texts, Slot: slotAccessKey, Keys: []string{"user", "extra", "accessKeyId"}},
	{Type: cheapjson.Text, Slot: slotAs, Keys: []string{"impersonatedUser", "username"}},
	{Type: cheapjson.Texts, Slot: slotAsGroups, Keys: []string{"impersonatedUser", "groups"}},
	{Type: cheapjson.Texts, Slot: slotIPs, Keys: []string{"sourceIPs"}},
	{Type: cheapjson.Escaped, Slot: slotAgent, Keys: []string{"userAgent"}},
	{Type: cheapjson.Text, Slot: slotResource, Keys: []string{"objectRef", "resource"}},
	{Type: cheapjson.Text, Slot: slotNamespace, Keys: []string{"objectRef", "namespace"}},
	{Type: cheapjson.Text, Slot: slotName, Keys: []string{"objectRef", "name"}},
	{Type: cheapjson.Raw, Slot: slotObjectUID, Keys: []string{"objectRef", "uid"}},
	{Type: cheapjson.Text, Slot: slotGroup, Keys: []string{"objectRef", "apiGroup"}},
	{Type: cheapjson.Text, Slot: slotVersion, Keys: []string{"objectRef", "apiVersion"}},
	{Type: cheapjson.Raw, Slot: slotObjectVersion, Keys: []string{"objectRef", "resourceVersion"}},
	{Type: cheapjson.Text, Slot: slotSubresource, Keys: []string{"objectRef", "subresource"}},
	{Type: cheapjson.Skip, Keys: []string{"responseStatus", "metadata"}},
	{Type: cheapjson.Text, Slot: slotStatus, Keys: []string{"responseStatus", "status"}},
	{Type: cheapjson.Escaped, Slot: slotMessage, Keys: []string{"responseStatus", "message"}},
	{Type: cheapjson.Text, Slot: slotReason, Keys: []string{"responseStatus", "reason"}},
	{Type: cheapjson.Skip, Keys: []string{"responseStatus", "details"}},
	{Type: cheapjson.Digits, Slot: slotCode, Keys: []string{"responseStatus", "code"}},
	{Type: cheapjson.Raw, Slot: slotRequest, Keys: []string{"requestObject"}},
	{Type: cheapjson.Raw, Slot: slotResponse, Keys: []string{"responseObject"}},
	{Type: cheapjson.Text, Slot: slotReceived, Keys: []string{"requestReceivedTimestamp"}},
	{Type: cheapjson.Text, Slot: slotStageTime, Keys: []string{"stageTimestamp"}},
	{Type: cheapjson.Text, Slot: slotTruncated, Keys: []string{"annotations", "audit.k8s.io/truncated"}},
	{Type: cheapjson.Text, Slot: slotIssued, Keys: []string{"annotations", "authentication.kubernetes.io/issued-credential-id"}},
	{Type: cheapjson.Escaped, Slot: slotLegacyToken, Keys: []string{"annotations", "authentication.k8s.io/legacy-token"}},
	{Type: cheapjson.Escaped, Slot: slotLegacyInvalid, Keys: []string{"annotations", "authentication.k8s.io/legacy-token-invalidated"}},
	{Type: cheapjson.Escaped, Slot: slotStaleToken, Keys: []string{"annotations", "authentication.k8s.io/stale-token"}},
	{Type: cheapjson.Text, Slot: slotDecision, Keys: []string{"annotations", "authorization.k8s.io/decision"}},
	{Type: cheapjson.Escaped, Slot: slotDecisionWhy, Keys: []string{"annotations", "authorization.k8s.io/reason"}},
	{Type: cheapjson.Escaped, Slot: slotViolations, Keys: []string{"annotations", "pod-security.kubernetes.io/audit-violations"}},
	// Marks of what is no single event.
	{Type: cheapjson.Raw, Slot: slotItems, Keys: []string{"items"}},
	{Type: cheapjson.Raw, Slot: slotProto, Keys: []string{"protoPayload"}},
	// When somebody passed the event on: beats and what writes as they do, Fluent Bit.
	{Type: cheapjson.Raw, Slot: slotShipped, Keys: []string{"@timestamp"}},
	{Type: cheapjson.Raw, Slot: slotDate, Keys: []string{"date"}},
}

var schema = cheapjson.Compile(heads...)

// A headPath is how the full parse finds a member of the head.
type headPath struct {
	cheapjson.Field
	path jsonfields.Path
}

// headPaths has every head that has a slot, in the order of heads; byHeadName
// leads from a field name to its index.
var headPaths, byHeadName = compileHeads()

func compileHeads() ([]headPath, map[string]int) {
	var paths []headPath
	names := map[string]int{}
	for _, h := range heads {
		if h.Type == cheapjson.Skip || h.Type == cheapjson.Raw {
			continue
		}
		name := strings.Join(h.Keys, ".")
		names[name] = len(paths)
		paths = append(paths, headPath{h, jsonfields.Compile(name)})
	}
	return paths, names
}
