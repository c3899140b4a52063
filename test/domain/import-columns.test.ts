import { expect, test } from 'vitest'
import { planColumns } from '../../src/domain/imports/columns/columns.ts'
import { becomes } from '../../src/domain/imports/columns/targets.ts'
import { tagsOf } from '../../src/domain/imports/values/tags.ts'
import { phonesOf } from '../../src/domain/imports/values/addresses.ts'
import { readRow } from '../../src/domain/imports/rows/row-reader.ts'

/** What the columns of a header become. */
function meaningOf(header: string): (string | null)[] {
  return planColumns(header.split(','), null).columns.map(({ target }) => becomes(target))
}

const person = ['first_name', 'last_name', 'email', 'phone', 'company', 'country_code', 'language', 'tags']

test.each([
  ['Swedish', 'Tilltalsnamn,Efternamn,Mejladress,Mobilnr,Bolag,Landskod,Språkkod,Nyckelord'],
  ['Danish', 'Fornavn,Efternavn,Mailadresse,Tlf. nr.,Firmanavn,Landekode,Sprog,Lister'],
  ['Norwegian', 'Fornavn,Etternavn,Epostadresse,Mobiltlf,Foretak,Landkode,Språk,Stikkord'],
  ['Finnish', 'Etunimet,Sukunimi,S-posti,Kännykkä,Yrityksen nimi,Maatunnus,Asiointikieli,Ryhmät'],
  ['Czech', 'Křestní jméno,Příjmení,Mail,Číslo mobilu,Název firmy,Kód země,Jazyk,Klíčová slova'],
  ['Hungarian', 'Utónév,Családnév,Email cím,Mobiltelefonszám,Vállalat,Országkód,Nyelv,Kulcsszavak'],
  ['Romanian', 'Prenume,Nume,Adresă de e-mail,Nr. de telefon,Denumire firmă,Cod țară,Limba,Cuvinte cheie'],
  ['Russian', 'Имя,Фамилия,Эл. адрес,Сотовый,Предприятие,Код страны,Язык,Ярлыки'],
  ['Greek', 'Όνομα,Επίθετο,Διεύθυνση email,Αριθμός κινητού,Επωνυμία,Κωδικός χώρας,Γλώσσα,Ομάδες'],
  ['Turkish', 'İsim,Soyisim,Eposta adresi,Cep no,Kuruluş,Ülke kodu,Dil,Anahtar kelimeler'],
  ['Japanese', 'ファーストネーム,ラストネーム,メアド,モバイル,法人名,国コード,使用言語,カテゴリー'],
  ['Chinese', '名字,姓氏,電子信箱,行動電話,單位,国家代码,语种,群組'],
  ['Korean', '이름,성,전자우편,핸드폰,소속,나라,언어,분류'],
  ['Vietnamese', 'Tên,Họ,Thư điện tử,Số di động,Doanh nghiệp,Quốc gia,Ngôn ngữ,Nhóm'],
  ['Arabic', 'الاسم الأول,اللقب,ايميل,موبايل,جهة العمل,رمز البلد,لغة,المجموعات'],
])('a header in %s is understood', (_language, header) => {
  expect(meaningOf(header)).toEqual(person)
})

test.each([
  ['Mob. Nr.', 'phone'],
  ['Ph. #2', 'phone'],
  ['WhatsApp Nos', 'phone'],
  ['Number of seats', 'custom_attributes.Number of seats'],
  ['Order No', 'custom_attributes.Order No'],
  ['Participant E-Mail', 'email'],
  ['E-mail of the registrant', 'email'],
  ['Applicant emails', 'email'],
  ['Assistant email', 'custom_attributes.Assistant email'],
  ['Emergency phone', 'custom_attributes.Emergency phone'],
  ['Shipping surname', 'last_name'],
  ['Invoice organisation', 'company'],
  ['Labels / Groups', 'tags'],
  ['Email / Phone', 'custom_attributes.Email / Phone'],
  ['Customer type', 'lifecycle_stage'],
  ['Subscriber unsubscribed', 'opt_out.email'],
])('a column %j becomes %j', (name, meaning) => {
  expect(meaningOf(`Email Address,${name}`)[1]).toBe(meaning)
})

test('of the names of a bill and of the person those of the person count', () => {
  const { columns } = planColumns(['Billing First Name', 'Billing Last Name', 'First Name', 'Last Name', 'Email'], null)
  const { fields, attributes } = readRow(columns, ['Mum', 'Hale', 'Dan', 'Hale', 'dan@example.com'])
  expect([fields.get('firstName')?.value, fields.get('lastName')?.value, Object.fromEntries(attributes)]).toEqual([
    'Dan',
    'Hale',
    { 'Billing First Name': 'Mum' },
  ])
})

test.each([
  ['gold、silver', ['gold', 'silver']],
  ['gold；silver，old', ['gold', 'silver', 'old']],
  ['gold\tsilver', ['gold', 'silver']],
  ["'gold', 'silver'", ['gold', 'silver']],
  ['#gold; #silver lining', ['gold', 'silver lining']],
  ["it's, that's", ["it's", "that's"]],
  ['#1', ['#1']],
  ['n/a, gold', ['gold']],
  ['["n/a", "gold"]', ['n/a', 'gold']],
])('the tags of %j are %j', (cell, tags) => {
  expect(tagsOf(cell)).toEqual(tags)
})

test.each([
  ['+49 30 901820;34', ['+49 30 901820;34']],
  ['030 901820; ext. 7; 030 901821', ['030 901820; ext. 7', '030 901821']],
  ['030 901820; 030 901821', ['030 901820', '030 901821']],
])('the numbers of %j are %j', (cell, numbers) => {
  expect(phonesOf(cell).map(({ text }) => text)).toEqual(numbers)
})

test.each([
  ['SMS opt in', 'No (by letter)', ['rcs', 'sms']],
  ['Newsletter', 'Unsubscribed on 2024-02-03', ['email']],
  ['Samtycke', 'nej', 'all'],
  ['Не звонить', 'нет', null],
  ['配信停止', 'いいえ', null],
  ['配信停止', 'はい', ['email']],
  ['Nevolat', 'ne', null],
  ['Do not text', '☐', null],
])('in a column %j %j opts out of %j', (name, cell, channels) => {
  const { columns } = planColumns(['Email', name], null)
  const [consent] = readRow(columns, ['ana@example.com', cell]).consents
  const found = consent === undefined || consent.channels === 'all' || consent.channels.length < 5 ? consent?.channels : 'all'
  expect(found ?? null).toEqual(channels)
})

test('neither of two columns for one custom attribute is lost', () => {
  const { columns } = planColumns(['Email', 'seats', 'plan', 'custom_attributes'], null)
  const { attributes } = readRow(columns, ['ana@example.com', '42', 'free', '{"seats": 42, "plan": "pro", "vip": true}'])
  expect(Object.fromEntries(attributes)).toEqual({ seats: 42, plan: ['free', 'pro'], vip: true })
})
