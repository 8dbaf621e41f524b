// Package block reads the `tideline:` block of a Sigma rule: what a reader is told of a
// hit, which credential it gives away, how it scores, and the rule's own tests. Sigma
// allows custom keys, so a rule with one stays a rule that other tools read
// (`tideline rules guide` explains every key to who writes rules).
//
//	tideline:
//	  summary: "{user.username} listed secrets[ of namespace {objectRef.namespace}]"
//	  exposes: {kind: secret, namespace: objectRef.namespace, name: "*"}
//	  score:
//	    base: 60
//	    adjust:
//	      - {when: {k8s.scope: cluster}, points: 20, why: of every namespace}
//
// An adjustment may do more than add points: of those that hold, the last that says
// anything of the level, the kind of credential or the claim decides.
//
//	block.go     what a block says, and what it says of a hit for which adjustments held
//	parse.go     from YAML, with an error for a key that is misspelt
//	template.go  sentences and names with fields in them
//
// Nothing here knows events: whoever fills a template in gives a function for the values
// of fields.
package block
