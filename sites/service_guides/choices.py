"""Whom a service is for, who decides on it, and the occasions of a life by which citizens look for it.

The occasions are those by which services are commonly listed, once for persons and once for enterprises; their codes
are stored, so that a code is never given to another occasion.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ForWhom(models.TextChoices):
    PERSON = "person", _("个人")
    ENTERPRISE = "enterprise", _("企业和其他组织")
    BOTH = "both", _("个人、企业和其他组织")


class Level(models.TextChoices):
    NATION = "nation", _("国家级")
    PROVINCE = "province", _("省级")
    CITY = "city", _("市级")
    COUNTY = "county", _("县级")
    TOWNSHIP = "township", _("乡镇（街道）级")
    VILLAGE = "village", _("村（社区）级")


class LifeEvent(models.TextChoices):
    """Occasions of a person."""

    BIRTH = "birth", _("生育收养")
    HOUSEHOLD = "household", _("户籍办理")
    EDUCATION = "education", _("教育科研")
    MILITARY = "military", _("入伍服役")
    WORK = "work", _("就业创业")
    QUALIFICATION = "qualification", _("职业资格")
    MARRIAGE = "marriage", _("婚姻登记")
    CARE = "care", _("优待抚恤")
    HOUSING = "housing", _("住房保障")
    INSURANCE = "insurance", _("社会保障")
    PAPERS = "papers", _("证件办理")
    TRAFFIC = "traffic", _("交通出行")
    BORDER = "border", _("出境入境")
    CONSUMER = "consumer", _("消费维权")
    JUSTICE = "justice", _("司法公证")
    CULTURE = "culture", _("文化体育")
    HEALTH = "health", _("医疗卫生")
    RETIREMENT = "retirement", _("离职退休")
    FUNERAL = "funeral", _("死亡殡葬")
    OTHER = "other", _("其他")


class EnterpriseEvent(models.TextChoices):
    """Occasions of an enterprise."""

    FOUNDING = "founding", _("设立变更")
    PERMIT = "permit", _("准营准办")
    CERTIFICATION = "certification", _("资质认证")
    TAXES = "taxes", _("税收财务")
    STAFF = "staff", _("人力资源")
    INSURANCE = "insurance", _("社会保障")
    INVESTMENT = "investment", _("投资审批")
    FINANCE = "finance", _("融资信贷")
    TENDER = "tender", _("招标拍卖")
    TRADE = "trade", _("商务贸易")
    FARMING = "farming", _("农林牧渔")
    BUILDING = "building", _("国土和规划建设")
    TRANSPORT = "transport", _("交通运输")
    ENVIRONMENT = "environment", _("环保绿化")
    SAFETY = "safety", _("安全生产")
    SCIENCE = "science", _("科技创新")
    UTILITIES = "utilities", _("公用事业")
    CLOSING = "closing", _("注销")
    OTHER = "other", _("其他")
