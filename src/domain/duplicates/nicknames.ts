import { fold } from '../../kernel/text.ts'

/**
 * Given names that people write for one another, folded, in English, German, Spanish, Italian, French, Portuguese, Dutch and Russian. Short forms that are
 * the beginning of the name, such as Ben for Benjamin, are found without this list; a name may stand in several lines.
 */
const lines = `
alexander alexandra aleksandr aleksandra alex sasha sascha sandra sandy xander lexi alejandro alejandra
andrew andreas andres andrei andrey andy drew dries
anthony antonio anton tony toni toño
barbara barb babs bärbel
catherine katherine katharina kathryn katarina ekaterina cathy kathy kathi kate katie katja katya kitty kat
charles karl carlos charlie chuck
christopher christoph christian christina christine kristina kristin chris kris kit topher tina cristina cristian
daniel daniela dan danny dani
david dave davy
dmitri dmitry dima mitya
edward eduardo eduard ed eddie ted ned teddy
eleanor eleonore leonor ellen ella nora nell lena
elizabeth elisabeth isabel isabella liz lizzie beth betty bess eliza elsa lisa lise lisbeth bella isa betsy
emmanuel manuel manuela manolo manu
eugene evgeny yevgeny zhenya gene
francis francisco francesca franziska franz frank frances fran paco pancho francesco cesco franzi curro
frederick friedrich federico fred freddy fritz rick
gabriel gabriela gabriele gabi gabby
george georg jorge giorgio georgina georgie jörg jürgen
gerald gerard gerhard jerry gerry gerd
giovanni gianni vanni nino
giuseppe beppe peppe pino peppino
gregory greg gregor grischa
guillermo memo guille
helen helena elena hélène nell lena ellie
henry heinrich enrique harry hank heinz heiner quique kike
ignacio nacho ignaz
irina ira irene
jacob jakob jakub jake
james jim jimmy jamie
ivan vanya
jessica jess jessie
john johannes johann jonathan juan joão hans jack johnny jan jon jean
joseph josef josé joe joey pepe sepp zé giuseppe
joshua josh
judith judy
lawrence laurence lorenz lorenzo larry laurie enzo
leonard leonardo leonhard leo lenny
louis ludwig luis luigi louise luisa lou louie gigi
magdalena madeleine madeline maddie lena magda
margaret margarete margarita margherita maggie meg peggy greta gretchen marge margie rita rosie
maria mary marie marija mia molly polly mariechen mascha masha
martha marta patty
matthew matthias mateo matteo matt matze
michael michel miguel michail mikhail mike mick mickey micky misha michi
nancy ann anne anna annie nan anja anya
natalia natalie natalya natasha nat
nicholas nikolaus nicolas nikolai nick nicky klaus niko nico kolya colin
olga olya
patrick patricia pat paddy patty trish tricia
pavel paul pablo paolo pasha
peter pedro piotr pyotr pietro pete petya
philip philipp felipe phil pip
rafael raphael raffaele rafa rafi
rebecca becky becca
richard ricardo riccardo rick ricky dick rich richie
robert roberto rob robbie bob bobby bert robin
ronald ron ronnie
rudolf rodolfo rudi rolf
samuel samantha sam sammy
sebastian sebastián seb basti bas
sergei sergey sergio serjoscha seryozha
stephen steven stefan esteban stefano steve steffen stephanie steffi
susan susanne susanna sue suzy susi
svetlana sveta
tatiana tatyana tanya tanja
theodore theodor ted teddy theo
theresa teresa therese terry tess tere resi
thomas tomás tommaso tom tommy
ursula uschi ulla
valentin valentina valya tina
vincent vicente vincenzo vince vinny enzo
vladimir wladimir vova volodya
walter walt wally
william wilhelm guillaume bill billy will willy liam
yuri jurij jura
`

const groups = new Map<string, Set<number>>()
for (const [number, line] of lines.trim().split('\n').entries())
  for (const name of line.split(' ')) groups.set(fold(name), (groups.get(fold(name)) ?? new Set()).add(number))

/** Whether two folded given names are forms of one name: `bob` and `robert`, `sascha` and `alexander`. */
export function isSameGivenName(one: string, other: string): boolean {
  const [mine, theirs] = [groups.get(one), groups.get(other)]
  return mine !== undefined && theirs !== undefined && [...mine].some((group) => theirs.has(group))
}
