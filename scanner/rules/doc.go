// Package rules holds the built-in detection rules: Sigma 2.1 documents, one
// file each, embedded in the program. It is data and a way to read it; the
// engine that compiles and matches them is tideline/scanner/sigma.
//
// This page is the guide for writing a rule, built-in or one's own.
//
// # Where a rule goes
//
//	kubernetes/    Kubernetes API audit   product: kubernetes, service: audit
//	httplog/       access lines (klog)    product: kubernetes, service: httplog
//	docker/        Docker events          product: docker, service: events
//	dockerd/       Docker daemon's log    product: docker, service: dockerd
//	auditd/        Linux audit            product: linux, category: audit_event
//	container/     container output       product: container, service: stdout
//	inspect/       docker inspect         product: docker, service: inspect
//	correlations/  several rules together
//	lists/         values of placeholders
//	advice/        what to switch on so that there is something to read
//
// A log source that is not among them gets a folder of its own, which
// rules_test.go lists as well.
//
// The file is called <name>.yml, name being the rule's `name:`, by which
// correlations refer to it. Names begin with k8s-, htl- (access lines of Kubernetes
// components), dev- (Docker events), dkd- (Docker daemon), exe-, fil-, net- or usr-
// (commands, files and connections in Linux audit, and what sudo and others tell in it
// of people), log- (container output), ins- (docker inspect), new- (what is seen for the
// first time) and cor-. The id is a random UUID, made once and never changed: findings of
// years refer to it. CATALOGUE.md says which analytic of the detection catalogue became
// which rule, and why some did not; a built-in rule that the catalogue does not have gets
// a line there.
//
// # A rule
//
//	title: Token minted for a platform account       # what happened, not what it may mean
//	id: 7d3f...                                      # uuidgen
//	name: k8s-tokenrequest-privileged-sa
//	status: test
//	description: Why it happens, why it matters, what is left out on purpose.
//	references: [https://attack.mitre.org/techniques/T1528/]
//	author: tideline
//	license: Apache-2.0
//	date: 2026-11-21
//	tags: [attack.credential-access, attack.t1528]
//	logsource: {product: kubernetes, service: audit}
//	detection:
//	  sel: {verb: create, objectRef.resource: serviceaccounts, objectRef.subresource: token, k8s.ok: true}
//	  target: {objectRef.namespace: [kube-system, 'openshift-*']}
//	  f_sys: {user.username|expand: '%k8s_control_plane%'}
//	  condition: sel and target and not f_sys
//	falsepositives: [Set-up of a cluster by its administrator]
//	level: critical
//	tideline: ...                                    # see below
//
// Fields are those of the log, by their dotted path, and the derived fields
// that the parsers compute when a rule asks: k8s.scope (object, namespace or
// cluster), k8s.ok, k8s.cmd (the command of an exec, decoded), k8s.pod.* (one
// pod specification for every kind of workload), docker.action, http.path,
// argv, cmdline, cli.tool and cli.verb (wrappers and global flags taken away),
// sock.path and more. `tideline rules show --fields` prints all of them.
//
// Things that go wrong, from experience with other people's rules:
//
//   - A filter on a field that is missing does not filter: `not f_sys` is true
//     when the record has no user. Ask for the field with |exists where that
//     matters.
//   - The API server knows no verb replace (it is update), but it knows
//     deletecollection, and exec comes as create or as get.
//   - create on serviceaccounts is also how a token is minted, create on pods
//     also how a command is run: look at objectRef.subresource.
//   - A list or watch that a field selector narrows to one name has that name
//     in objectRef.name. k8s.scope tells them apart.
//   - Pods of a Deployment are made by a controller, so a rule that exempts
//     controllers must look at the template as well; k8s.pod.* does.
//   - A UNIX socket is connected to, not opened: look at sock.path.
//   - A connect of a Go program is logged success=no exit=-115. It did not fail.
//   - * is a wildcard. The star of a role is `k8s.role.wildcard: true`.
//   - A platform that people come through (Rancher, Teleport, Arc) asks in its own
//     name, with theirs in impersonatedUser. A filter of trusted identities
//     therefore also wants k8s.onBehalf|exists: false.
//   - Exempting all nodes or all of kube-system exempts whoever stole such an
//     identity. Pair the exemption with a rule on the client program.
//
// # Level
//
// informational is counted and not shown by default; low is worth listing,
// medium worth reading, high worth a call, critical worth getting up for. What
// kubelets, controllers, operators, probes, monitoring, backup and the set-up
// of a cluster do all day stays below medium; where a rule cannot tell it
// apart, it gets the lower level, and a second rule the distinguishing mark.
//
// # The tideline block
//
// Sigma lets a rule carry keys of its own; other tools pass over this one.
//
//	tideline:
//	  summary: "{actor} listed the Secrets of {objectRef.namespace}[ with {userAgent}]"
//	  exposes: {kind: secret, namespace: objectRef.namespace, name: '*'}
//	  score:
//	    base: 48
//	    adjust:
//	      - {when: {k8s.scope: cluster}, points: 12, why: every namespace at once}
//	  family: secret-read
//	  needs: Metadata
//	  exposure_only: true
//	  tests:
//	    - hit: {verb: list, objectRef.resource: secrets}
//	    - miss: {verb: list, objectRef.resource: pods}
//	      why: pods are no Secrets
//
// summary is the sentence a reader is told. Braces hold a field, or one of
// actor, action, target, outcome and command; a part in square brackets goes
// away when a field in it has no value. In [pod {a}|{b}] the first part counts
// that has its values.
//
// exposes names the credential that was given away, for the rotation list: one
// map or a list of them. namespace and name are names of fields, sentences with
// braces, or '*' for all. kind is one of secret, service-account-token,
// configmap, environment, log-line, file, cloud-credential,
// registry-credential, kubeconfig and certificate. certainty (obtained,
// attempted, possible) is the most that may be claimed.
//
// score.base is the weight of the level (1, 21, 47, 73, 99) times the
// confidence that a hit is what the title says. adjust adds or takes points
// where a Sigma selection holds; why is shown to the reader. What holds for
// every rule (refused, repeated, in kube-system, from a public address) is
// added by the scanner and must not be added again. An adjustment may carry
// level: as well, which is then the level of the finding: where a role explains
// an act, the finding stays, counted, and out of the way. With kind: it says what
// is exposed in place of the kind under exposes: one rule on commands that read
// credentials tells a token from an environment. With certainty: it says the most that
// may be claimed of it, and with exposes: all that is exposed, in place of what the
// rule says; [] is nothing.
//
// first_seen makes a rule about what is new: the detection says which acts, and
// a hit is found only if one of the things listed is new, and only the first
// time. actor is the principal, act what it did to that kind of object, client
// the program of a principal that is known, namespace where it did it, image the
// repository of an image. New means: not in the baseline that was given, or else
// not in the first part of the log (three quarters of what lies before the act,
// seven days at most; acts in the first eight hours are not judged, and in a log
// that is no longer the rule is listed as blind). What comes later changes
// nothing, so nights tell what one scan tells. The finding says what is new and
// against which. Namespaces and images of pods, which a baseline does not hold,
// are compared with the first part of the log.
//
//	first_seen: [act, namespace]
//
// outside marks a rule that rests on the address from which somebody came. Where
// most requests of some kubelet come from that address too, it is the way out of
// the cluster's own network to an API server on the Internet: the finding is low
// and says why.
//
// family: of the rules of one family that match one event, the strongest
// counts in full. needs is what the log must be like for the rule to see
// anything: the Kubernetes audit level, debug for the Docker daemon, the type
// of an audit record. exposure_only marks rules about credentials that lie
// around: they go to the rotation list and add nothing to anybody's score. done
// keeps hits that were refused or failed from correlations, which say that it was
// done: a rule tells both, and has no k8s.ok of its own.
//
// tests hold at least one event that the rule must hit and one near miss with
// its reason: the closest benign thing, not an arbitrary one. Fields are dotted
// or nested; derived fields are written out. `tideline rules test` runs them.
//
// # Correlations
//
// They are Sigma correlations with generate: true, so that they hide nothing.
// Besides fields they may group by names that every log shares: finding.host,
// where an act was recorded; finding.jti, the id of the token that was used, was
// printed, or stood in a command; finding.issued-jti, the id of the token that
// was minted. Of sourceIPs only the last counts, which no client can choose.
//
// # Lists and tuning
//
// Values that many rules share, or that differ between sites, are placeholders:
// `user.username|expand: '%k8s_secret_operators%'` takes its values from lists.
// Behind `re` the values are text of an expression: `k8s.cmd|re|expand: '%env_printed%'`
// is one expression for each value, of which one must match and the finding quotes that one.
// So what several logs tell of a command is judged by the same words, see
// lists/commands.yml. Where text stands around a placeholder, it has parentheses of its own:
// `(^|\s)(%readers%)\s`.
// A file of one's own with a list of the same name adds to it. To silence known
// activity altogether, write a Sigma filter and give it with --allow.
package rules
