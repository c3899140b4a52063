/** Texts that tools write where there is no value; in lower case. */
export const placeholders: ReadonlySet<string> = new Set(
  '- -- --- – — ―  n/a n.a. n.a #n/a #ref! #value! #name? #null! #div/0! #num! null (null) <null> [null] "null" \\n undefined nan [] {} (blank) (empty) <empty> <none> n.v. k.a. #nv #nom? #valeur! #wert! #bezug!'.split(
    ' ',
  ),
)

/** Groups that Google puts every contact into; in lower case. */
export const systemGroups: ReadonlySet<string> = new Set(['mycontacts', 'my contacts'])
