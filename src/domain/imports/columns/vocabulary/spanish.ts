import type { Vocabulary } from './vocabulary.ts'

export const spanish: Vocabulary = {
  phone:
    'Teléfono, Número de teléfono, Núm de teléfono, N.º de teléfono, Nº de teléfono, Tlf, Tfno, Teléfono principal, Teléfono de contacto, Número telefónico',
  'phone:mobile':
    'Móvil, Teléfono móvil, Celular, Teléfono celular, Número de móvil, Número de celular, Número móvil, Tel móvil, Tel celular, Número de teléfono móvil, Número celular, Tlf móvil',
  'phone:other':
    'Teléfono fijo, Fijo, Teléfono particular, Teléfono de casa, Teléfono del trabajo, Teléfono trabajo, Teléfono de la oficina, Teléfono oficina, Teléfono profesional, Teléfono personal, ' +
    'Teléfono casa, Otro teléfono, Teléfono 2, Teléfono secundario, Teléfono alternativo, Teléfono de empresa, Teléfono empresa, Teléfono laboral',
  phone_extension: 'Extensión, Extensión telefónica, Ext',
  email:
    'Correo electrónico, Correo, Dirección de correo electrónico, Dirección de correo, Email de contacto, Dirección de email, Dirección e-mail, Dirección electrónica, Correo principal, E-mail de contacto, Correo electrónico principal',
  'email:other':
    'Correo personal, Correo del trabajo, Correo profesional, Correo secundario, Otro correo, Correo electrónico 2, Correo electrónico del trabajo, Correo electrónico personal, Correo alternativo',
  first_name: 'Nombre de pila, Primer nombre, Nombres, Nombre propio',
  last_name: 'Apellido, Apellidos, Primer apellido, Apellido paterno',
  name: 'Nombre',
  display_name:
    'Nombre completo, Nombre y apellidos, Nombre y apellido, Nombre para mostrar, Nombre del contacto, Nombre del cliente, Nombre de contacto, Apellidos y nombre, Cliente, Contacto',
  company:
    'Nombre de la cuenta, Compañía relacionada, Empresa relacionada, Empresa, Compañía, Nombre de la empresa, Organización, Razón social, Sociedad, Nombre de empresa, Nombre de la compañía, Nombre de la organización, Negocio',
  country_code: 'País, Código de país, País/Región, País de residencia, Código del país, País o región, Código país',
  'country_code:other':
    'País de correo, País de correspondencia, País de facturación, País de envío, País del trabajo, País particular, País o región del trabajo, País facturación, País envío, País de trabajo',
  timezone: 'Zona horaria, Huso horario',
  language: 'Idioma, Idioma preferido, Lengua, Código de idioma, Idioma de preferencia, Idioma de contacto, Lenguaje',
  lifecycle_stage: 'Etapa del ciclo de vida, Ciclo de vida, Etapa, Fase del ciclo de vida, Fase',
  'lifecycle_stage:other': 'Estado del lead, Estado del contacto, Estado del cliente, Tipo de contacto',
  tags: 'Etiquetas, Etiqueta, Palabras clave, Categorías, Categoría, Grupos, Grupo, Listas, Segmentos, Marcas',
  first_seen:
    'Creado el, Fecha de creación, Fecha de alta, Añadido el, Cliente desde, Fecha de registro, Registrado el, Fecha creación, Alta, Fecha de inscripción',
  'opt_out:email':
    'Anuló la suscripción de todos los correos electrónicos, Canceló la suscripción a todos los correos electrónicos, No participación en correo electrónico, No participar en correo electrónico, Dado de baja, Baja, Cancelada la suscripción, Suscripción cancelada, No enviar correo, No enviar correos, No enviar emails, No email, Baja email, Baja newsletter, Desuscrito, Dado de baja del email, Baja del boletín, Sin emails, Excluido de email',
  'opt_out:sms': 'No SMS, No enviar SMS, Baja SMS, Sin SMS',
  'opt_out:voice': 'No llamar, No telefonear, Sin llamadas, Lista Robinson teléfono',
  'opt_out:fax': 'No enviar fax',
  'opt_out:all':
    'No contactar, Lista negra, Bloqueado, No molestar, Excluido, Lista Robinson, No desea publicidad, Sin publicidad, No publicidad, Oposición, Exclusión, No recibir publicidad, En lista negra',
  'opt_in:email':
    'Acepta marketing por correo electrónico, Acepta marketing, Suscrito, Suscrito al boletín, Acepta correos, Consentimiento email, Consentimiento de correo, Acepta emails, Boletín, Acepta newsletter, Acepta boletín, Suscripción newsletter, Suscrito a la newsletter, Acepta marketing por correo',
  'opt_in:sms': 'Acepta SMS, Consentimiento SMS, Acepta marketing por SMS',
  'opt_in:voice': 'Acepta llamadas, Consentimiento telefónico',
  'opt_in:all':
    'Consentimiento, Acepta marketing, Acepta publicidad, Consentimiento marketing, Acepta comunicaciones, Consentimiento RGPD, Acepta comunicaciones comerciales, Autorización, Consentimiento de marketing',
  'opt_out_time:email': 'Fecha de baja, Baja el, Dado de baja el, Fecha de cancelación de la suscripción',
  'opt_out_time:all': 'Fecha de oposición, Bloqueado el',
}
