import type { Vocabulary } from './vocabulary.ts'

/** The main columns in languages that have no table of their own. */
export const moreLanguages: Vocabulary = {
  phone:
    'Telefonnummer, Puhelin, Puhelinnumero, Telefon, Telefonszám, Telefonní číslo, Telefón, Τηλέφωνο, Телефон, Номер телефона, 電話番号, 電話, 电话, 电话号码, 전화번호, 전화, هاتف, الهاتف, טלפון, Điện thoại, Telepon',
  'phone:mobile':
    'Mobiltelefon, Mobilnummer, Matkapuhelin, Mobilszám, Мобильный, Мобильный телефон, 携帯電話, 携帯, 手机, 手机号, 휴대폰, 휴대전화, Cep telefonu, جوال, נייד',
  email:
    'E-post, E-postadress, E-postadresse, Epost, Sähköposti, E-posta, E-mail cím, Электронная почта, Почта, Эл. почта, メールアドレス, メール, 电子邮件, 邮箱, 電子郵件, 이메일, البريد الإلكتروني, אימייל, דוא"ל',
  first_name: 'Förnamn, Fornavn, Etunimi, Keresztnév, Jméno, Meno, Имя, 名, 이름, Adı, İsim, الاسم الأول, שם פרטי',
  last_name: 'Efternamn, Efternavn, Etternavn, Sukunimi, Vezetéknév, Příjmení, Priezvisko, Фамилия, 姓, 성, Soyadı, اسم العائلة, שם משפחה',
  display_name: 'Fullständigt namn, Fuldt navn, Полное имя, ФИО, 氏名, 姓名, 名前, Ad Soyad, الاسم, שם מלא',
  company: 'Företag, Virksomhed, Yritys, Cég, Společnost, Компания, Организация, 会社, 会社名, 公司, 회사, Şirket, الشركة, חברה',
  country_code: 'Land, Maa, Ország, Země, Страна, 国, 国家, 국가, Ülke, البلد, מדינה',
  language: 'Språk, Sprog, Kieli, Nyelv, Jazyk, Язык, 言語, 语言, 언어, Dil, اللغة, שפה',
  tags: 'Taggar, Etiketter, Tunnisteet, Címkék, Štítky, Метки, Теги, タグ, 标签, 태그, Etiketler',
}
