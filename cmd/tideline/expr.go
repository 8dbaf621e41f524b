package main

import (
	"fmt"
	"regexp"
	"strings"
)

// An expr is a search expression: the terms, and the condition over them in
// Sigma's language.
type expr struct {
	terms     []clause
	condition []string
}

// A clause is FIELD|MODIFIERS=VALUE, or a plain word, whose field is "".
type clause struct{ field, value string }

// maxTerms bounds an expression.
const maxTerms = 200

// parseExpr reads an expression. Terms without a word between them are joined
// by and; the condition itself is checked by the rule engine.
func parseExpr(s string) (*expr, error) {
	tokens, err := splitExpr(s)
	if err != nil {
		return nil, err
	}
	q := &expr{}
	operand := false // the token before was a term or a closing parenthesis
	for _, t := range tokens {
		switch low := strings.ToLower(t); {
		case low == "and" || low == "or":
			q.condition, operand = append(q.condition, low), false
		case low == "not" || t == "(":
			q.join(operand)
			q.condition, operand = append(q.condition, low), false
		case t == ")":
			q.condition, operand = append(q.condition, t), true
		default:
			q.join(operand)
			term, err := parseClause(t)
			if err != nil {
				return nil, err
			}
			q.terms = append(q.terms, term)
			q.condition, operand = append(q.condition, fmt.Sprintf("t%d", len(q.terms))), true
		}
	}
	switch {
	case len(q.terms) == 0:
		return nil, fmt.Errorf("it has no term")
	case len(q.terms) > maxTerms:
		return nil, fmt.Errorf("%d terms; %d is the most", len(q.terms), maxTerms)
	}
	return q, nil
}

func (q *expr) join(operand bool) {
	if operand {
		q.condition = append(q.condition, "and")
	}
}

// parseClause splits at the first = that follows a field name. What other languages
// compare with is refused: as part of a name or a value it would match nothing, and
// nothing would say why.
func parseClause(t string) (clause, error) {
	if m := otherOperator.FindStringSubmatch(t); m != nil && (len(m[2]) > 1 || decimal.MatchString(m[3])) {
		field, operator, value := m[1], m[2], m[3]
		mend := map[string]string{
			"!=": "not " + field + "=" + value, "<>": "not " + field + "=" + value, "==": field + "=" + value,
			"=~": field + "|re=" + value, "~=": field + "|re=" + value, "!~": "not " + field + "|re=" + value,
			">": field + "|gt=" + value, ">=": field + "|gte=" + value, "<": field + "|lt=" + value, "<=": field + "|lte=" + value,
		}[operator]
		return clause{}, fmt.Errorf("%s compares nothing here: write %s (or quote the whole of %s if it is a word to look for)", operator, mend, t)
	}
	if t == "&&" || t == "||" || t == "!" {
		return clause{}, fmt.Errorf("%s joins nothing here: write and, or, not (or quote it if it is a word to look for)", t)
	}
	if lone.MatchString(t) {
		return clause{}, fmt.Errorf("%s has nothing before it: write FIELD=VALUE without blanks around the = (or quote it if it is a word to look for)", t)
	}
	field, value, ok := strings.Cut(t, "=")
	if !ok || field == "" || strings.ContainsAny(field, `"'* `) {
		return clause{value: unquoted(t)}, nil
	}
	if value == "" {
		return clause{}, fmt.Errorf("%s has no value: is a variable of your shell not set, or a blank behind the =? (%s\"\" looks for an empty one)", t, t)
	}
	return clause{field, unquoted(value)}, nil
}

// lone is an operator that blanks parted from its field.
var lone = regexp.MustCompile(`^(=|!=|<>|=~|~=|!~|>=|<=|[<>]$)`)

var decimal = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

// otherOperator is a term with an operator that expressions do not have. Of < and > it
// takes numbers only: words have arrows in them.
var otherOperator = regexp.MustCompile(`^([\w.|/-]+?)(!=|<>|==|=~|~=|!~|>=|<=|[<>])((?s:.*))$`)

func unquoted(s string) string {
	if len(s) > 1 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		return s[1 : len(s)-1]
	}
	return s
}

// splitExpr cuts at blanks and parentheses outside quotes.
func splitExpr(s string) ([]string, error) {
	var tokens []string
	var word strings.Builder
	var quote rune
	end := func() {
		if word.Len() > 0 {
			tokens = append(tokens, word.String())
			word.Reset()
		}
	}
	for _, r := range s {
		switch {
		case quote != 0:
			word.WriteRune(r)
			if r == quote {
				quote = 0
			}
		case r == '"' || r == '\'':
			quote = r
			word.WriteRune(r)
		case r == ' ' || r == '\t' || r == '\n':
			end()
		case r == '(' && !joins(word.String()):
			return nil, fmt.Errorf("the ( behind %.40q parts what belongs together: put \"\" around the value, as in CommandLine|re=\"(cat|less) /etc\", or a blank before the ( if it groups terms", word.String())
		case r == '(' || r == ')':
			end()
			tokens = append(tokens, string(r))
		default:
			word.WriteRune(r)
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("a quote %c is not closed", quote)
	}
	end()
	return tokens, nil
}

// joins reports whether a parenthesis may follow a word at once.
func joins(word string) bool {
	switch strings.ToLower(word) {
	case "", "and", "or", "not":
		return true
	}
	return false
}

// detection is the expression as the detection of a Sigma rule. A plain word
// is a keyword anywhere within a value.
func (q *expr) detection() map[string]any {
	d := map[string]any{"condition": strings.Join(q.condition, " ")}
	for i, t := range q.terms {
		name := fmt.Sprintf("t%d", i+1)
		if t.field == "" {
			d[name] = []string{t.value}
		} else {
			d[name] = map[string]string{t.field: t.value}
		}
	}
	return d
}
